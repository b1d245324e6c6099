"""What `make audit` and `make sbom` say."""

import json

import pytest

from scripts import audit_dependencies, sbom, secret_scan
from scripts.steps import ROOT

WORD = "q9w8e7r6t5y4"
# put together here, so that this file has no such shape itself
SHAPES = {
    "a private key": "-----BEGIN PRIVATE" + " KEY-----\n" + "MIIEvQ" * 8,
    "an AWS access key": "AKI" + "AQ7RSTUVWXYZ23456"[:17],
    "a GitHub token": "ghp" + "_" + "aB3dE5gH7j" * 3 + "kL9mN1",
    "a Slack token": "xoxb" + "-98765432109-" + "pQrStUvWxYzQrTsUvWhKl",
    "a Stripe key": "sk" + "_live_" + "q9w8e7r6t5y4u3i2o1p0",
    "a password in an address": f"postgresql://pager:{WORD}@db.internal/x",
}


@pytest.mark.parametrize("what", SHAPES)
def test_a_secret_is_found_without_being_repeated(
    what: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("scan") / "settings.py"
    file.write_text(f"# a comment\nKEY = '{SHAPES[what]}'\n")

    assert secret_scan.found_in(file, "settings.py") == [f"settings.py:2: {what}"]


def test_the_bill_of_materials_names_every_pin_once() -> None:
    document = sbom.made(ROOT)
    purls = [one["purl"] for one in document["components"]]

    assert len(purls) == len(set(purls)) > 100
    assert any(purl.startswith("pkg:pypi/asyncpg@") for purl in purls)
    assert any(purl.startswith("pkg:npm/react@") for purl in purls)
    assert not any("pytest" in purl or "vitest" in purl for purl in purls)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")


def test_a_known_weakness_is_told_from_an_answer_that_did_not_come() -> None:
    weak = {"name": "x", "version": "1", "vulns": [{"id": "CVE-1"}]}
    said = json.dumps({"dependencies": [weak, {"name": "y", "version": "2"}]})

    assert audit_dependencies.of_pip("run", said, "").weaknesses == ("x 1: CVE-1",)
    silent = audit_dependencies.of_pip("run", "", "a traceback\nno route to host\n")
    assert (silent.weaknesses, silent.not_asked) == ((), "no route to host")
    npm = json.dumps({"vulnerabilities": {"z": {"severity": "high"}}})
    assert audit_dependencies.of_npm("web", npm, "").weaknesses == ("z: high",)
    assert audit_dependencies.of_npm("web", '{"error": {}}', "").not_asked
