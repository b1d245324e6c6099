"""AWS Systems Manager: what comes in is checked by botocore's own model and signer."""

from dataclasses import dataclass, field
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from tests.fakes.http_server import Answer, Asked

KEY_ID, SECRET, REGION = "AKIAIOSFODNN7EXAMPLE", "ssm-secret", "eu-central-1"
HASH = "f" * 64
MODEL = ServiceModel(Loader().load_service_model("ssm", "service-2"))


@dataclass(slots=True)
class Ssm:
    """One account with one document."""

    document_hash: str = HASH
    run_version: str = "4"
    refusals: list[str] = field(default_factory=list)  # of the next starts
    loses_answer: bool = False
    executions: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    launches: int = 0

    def handle(self, asked: Asked) -> Answer:
        operation = asked.headers["x-amz-target"].removeprefix("AmazonSSM.")
        assert asked.headers["content-type"] == "application/x-amz-json-1.1"
        if not _is_signed(asked):
            return _refused("InvalidSignatureException")
        shape = MODEL.operation_model(operation).input_shape
        report = ParamValidator().validate(asked.json(), shape)
        assert not report.has_errors(), report.generate_report()
        found: Answer = getattr(self, f"_{operation}")(asked.json())
        return found

    def _DescribeAutomationExecutions(self, _: dict[str, Any]) -> Answer:  # noqa: N802 - AWS's
        return Answer(200, {"AutomationExecutionMetadataList": []})

    def _DescribeDocument(self, asked: dict[str, Any]) -> Answer:  # noqa: N802
        document = {
            "Name": asked["Name"],
            "DocumentVersion": asked["DocumentVersion"],
            "Hash": self.document_hash,
            "HashType": "Sha256",
        }
        return Answer(200, {"Document": document})

    def _StartAutomationExecution(self, asked: dict[str, Any]) -> Answer:  # noqa: N802
        if self.refusals:
            return _refused(self.refusals.pop(0))
        assert asked["DocumentVersion"].isdigit()
        token = asked["ClientToken"]
        if token not in self.tokens:
            self.launches += 1
            execution_id = f"00000000-0000-4000-8000-{self.launches:012}"
            self.tokens[token] = execution_id
            self.executions[execution_id] = {
                "AutomationExecutionId": execution_id,
                "DocumentVersion": self.run_version,
                "AutomationExecutionStatus": "InProgress",
                "StepExecutions": [],
                "Parameters": asked["Parameters"],
            }
        if self.loses_answer:
            self.loses_answer = False
            return Answer(lost=True)
        return Answer(200, {"AutomationExecutionId": self.tokens[token]})

    def _GetAutomationExecution(self, asked: dict[str, Any]) -> Answer:  # noqa: N802
        found = self.executions.get(asked["AutomationExecutionId"])
        if found is None:
            return _refused("AutomationExecutionNotFoundException")
        return Answer(200, {"AutomationExecution": found})

    def _StopAutomationExecution(self, asked: dict[str, Any]) -> Answer:  # noqa: N802
        found = self.executions[asked["AutomationExecutionId"]]
        found["AutomationExecutionStatus"] = "Cancelled"
        return Answer(200, {})


def _refused(code: str) -> Answer:
    return Answer(400, {"__type": code, "message": "no"})


def _is_signed(asked: Asked) -> bool:
    """Whether botocore would have signed it the same."""
    stamp = asked.headers["x-amz-date"]
    headers = {
        name: asked.headers[name]
        for name in ("content-type", "x-amz-target", "host", "x-amz-date")
    }
    url = f"http://{asked.headers['host']}{asked.path}"
    request = AWSRequest("POST", url, headers, asked.body)
    request.context["timestamp"] = stamp
    signer = SigV4Auth(Credentials(KEY_ID, SECRET), "ssm", REGION)
    canonical = signer.canonical_request(request)
    expected = signer.signature(signer.string_to_sign(request, canonical), request)
    given: str = asked.headers["authorization"]
    return given.endswith(f"Signature={expected}")
