"""AWS Systems Manager Automation: a document in a numbered version whose hash is pinned.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StartAutomationExecution.html .
The id of the run is the client token, so AWS starts it once however often it is asked.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from pagefree.core.runbook_runs import Fate, RunState
from pagefree.infra.aws_signing import Account, signed
from pagefree.infra.http import TooSlow, Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.targets.base import (
    Address,
    Launched,
    LaunchError,
    Order,
    Running,
    Seen,
    Target,
    TargetError,
    Way,
    as_text,
    ask,
    line,
    require_fine,
    since,
    tree,
)

NAME = "AWS"
THROTTLED = {"ThrottlingException", "AutomationExecutionLimitExceededException"}
SHELLS = ("AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunRemoteScript")
STATES = {
    "Success": RunState.SUCCEEDED,
    "CompletedWithSuccess": RunState.SUCCEEDED,
    "TimedOut": RunState.TIMED_OUT,
    "Cancelled": RunState.CANCELLED,
    "Failed": RunState.FAILED,
    "CompletedWithFailure": RunState.FAILED,
    "Rejected": RunState.FAILED,
    "ChangeCalendarOverrideRejected": RunState.FAILED,
    "Exited": RunState.FAILED,
}


class Connection(BaseModel):
    """An account that may start automations."""

    model_config = ConfigDict(extra="forbid", title="AWS Systems Manager")

    region: str = Field(
        title="Region", pattern=r"^[a-z]{2}(-[a-z]+)+-\d$", examples=["eu-central-1"]
    )
    key_id: str = Field(title="Access key ID", pattern=r"^[A-Za-z0-9]{16,128}$")
    secret: SecretStr = Field(title="Secret access key", min_length=1)
    api_url: Address | None = Field(
        None, title="Address", description="Only for endpoints of one's own."
    )


def _document(name: str) -> str:
    if name in SHELLS:
        raise ValueError("documents that run any text are not for runbooks")
    return name


class Content(BaseModel):
    """Which document, in which version, and the hash that AWS gives it."""

    model_config = ConfigDict(extra="forbid", title="AWS Systems Manager")

    document: Annotated[str, AfterValidator(_document)] = Field(
        title="Document", pattern=r"^[A-Za-z0-9_.:/-]{3,128}$"
    )
    version: str = Field(
        title="Version", pattern=r"^[1-9][0-9]{0,7}$", description="A number."
    )
    document_hash: str = Field(
        title="SHA-256 of the document", pattern=r"^[0-9a-f]{64}$"
    )


async def launch(way: Way, what: Order) -> Launched:
    """Start it, if the version still has the hash that was approved."""
    await _require_hash(way, what.content)
    return await _start(way, what)


async def poll(way: Way, run: Running) -> Seen:
    """Read the execution, and how its steps have ended."""
    asked = {"AutomationExecutionId": run.external_id}
    reply = await _call(way, "GetAutomationExecution", asked)
    require_fine(reply, NAME)
    found = tree(reply).get("AutomationExecution")
    execution: dict[str, Any] = found if isinstance(found, dict) else {}
    version = str(execution.get("DocumentVersion"))
    if version != run.content.version:
        await cancel(way, run)
        return Seen(RunState.FAILED, "AWS runs a version that was not approved")
    status = str(execution.get("AutomationExecutionStatus"))
    lines, cursor = since(run, _ended(execution))
    why = execution.get("FailureMessage")
    return Seen(
        STATES.get(status, RunState.RUNNING),
        f"AWS: {line(why or status)}",
        lines,
        cursor,
        version,
        {"status": status, "outputs": execution.get("Outputs") or {}},
    )


async def cancel(way: Way, run: Running) -> None:
    """Cancel the steps that are running, too."""
    asked = {"AutomationExecutionId": run.external_id, "Type": "Cancel"}
    require_fine(await _call(way, "StopAutomationExecution", asked), NAME)


async def find(way: Way, what: Order) -> Launched | None:
    """The execution with our token: asking for the same once more never starts a second."""
    try:
        return await launch(way, what)
    except LaunchError as e:
        raise TargetError(str(e)) from e


async def check(way: Way) -> None:
    """Ask for one of our own automations."""
    asked = {"MaxResults": 1}
    require_fine(await _call(way, "DescribeAutomationExecutions", asked), NAME)


async def _require_hash(way: Way, content: Content) -> None:
    asked = {"Name": content.document, "DocumentVersion": content.version}
    try:
        reply = await _call(way, "DescribeDocument", asked)
    except TargetError as e:
        raise LaunchError(str(e), Fate.REFUSED) from e
    if not 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110 section 15.3
        _fail(reply)
    found = tree(reply).get("Document")
    document = found if isinstance(found, dict) else {}
    if (
        document.get("HashType") != "Sha256"
        or document.get("Hash") != content.document_hash
    ):
        raise LaunchError(
            "the document is not the one that was approved", Fate.REJECTED
        )


async def _start(way: Way, what: Order) -> Launched:
    asked = {
        "DocumentName": what.content.document,
        "DocumentVersion": what.content.version,
        "Parameters": {name: _texts(value) for name, value in what.parameters.items()},
        "ClientToken": str(what.run_id),
        "Mode": "Auto",
    }
    url, headers, body = _request(way, "StartAutomationExecution", asked)
    await way.http.aclose()
    try:
        reply = await way.http.post(url, body, headers)
    except TooSlow as e:
        raise LaunchError("AWS did not answer in time", Fate.LOST) from e
    except Unreachable as e:
        raise LaunchError(str(e), Fate.LOST if e.sent else Fate.REFUSED) from e
    if not 200 <= reply.status < 300:  # noqa: PLR2004 - RFC 9110 section 15.3
        _fail(reply)
    found = tree(reply).get("AutomationExecutionId")
    if not isinstance(found, str):
        raise LaunchError("AWS names no execution", Fate.LOST)
    return Launched(found, revision=what.content.version)


def _fail(reply: Reply) -> NoReturn:
    code = str(tree(reply).get("__type", "")).rpartition("#")[2]
    if code in THROTTLED or reply.status == 503:  # noqa: PLR2004 - Service Unavailable
        raise LaunchError(f"AWS says {line(code)}", Fate.REFUSED)
    fate = Fate.LOST if reply.status >= 500 else Fate.REJECTED  # noqa: PLR2004 - theirs
    raise LaunchError(f"AWS says {line(code) or reply.status}", fate)


async def _call(way: Way, operation: str, asked: Mapping[str, object]) -> Reply:
    url, headers, body = _request(way, operation, asked)
    return await ask(way, "POST", url, headers, body)


def _request(
    way: Way, operation: str, asked: Mapping[str, object]
) -> tuple[str, dict[str, str], bytes]:
    its = way.connection
    url = (its.api_url or f"https://ssm.{its.region}.amazonaws.com") + "/"
    body = json.dumps(asked).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AmazonSSM.{operation}",
    }
    account = Account(its.region, its.key_id, its.secret.get_secret_value(), "ssm")
    return url, signed(account, url, headers, body, way.now), body


def _ended(execution: dict[str, Any]) -> list[str]:
    steps = execution.get("StepExecutions")
    return [
        f"{line(step.get('StepName'))}: {line(step.get('StepStatus'))}"
        for step in (steps if isinstance(steps, list) else [])
        if isinstance(step, dict) and step.get("StepStatus") in STATES
    ]


def _texts(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [as_text(item) for item in items]


TARGET = Target(
    title="AWS Systems Manager",
    summary="An Automation document, in a numbered version.",
    Connection=Connection,
    Content=Content,
    launch=launch,
    check=check,
    poll=poll,
    cancel=cancel,
    find=find,
    find_starts=True,
)
