"""Look for secrets in what is in git: keys and tokens of well-known shapes, and our own.

It finds what has a shape. A password that looks like a word it cannot find; for those there are
reviews. What is meant to be there, such as made-up keys of tests, is in ALLOWED with its reason.
"""

import re
import subprocess
import sys
from pathlib import Path

from scripts.steps import ROOT

LARGEST = 2_000_000  # bytes
SHAPES = {
    "a private key": re.compile(
        r"-----BEGIN (?:RSA |EC |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----\s+[A-Za-z0-9+/=]{40}"
    ),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)(?!IOSFODNN7)[A-Z0-9]{16}\b"),
    "a GitHub token": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})"
    ),
    "a Slack token": re.compile(r"\bxox[abprs]-[0-9]{10,}-[0-9A-Za-z-]{20,}"),
    "a Slack webhook": re.compile(
        r"hooks\.slack\.com/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]{24}"
    ),
    "a Stripe key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "a Twilio key": re.compile(r"\bSK[0-9a-f]{32}\b"),
    "a SendGrid key": re.compile(r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
    "a password in an address": re.compile(
        r"\b(?:postgres(?:ql)?|rediss?|amqp|https?)://[^\s:/@\"'{}<>$]+:(?P<password>[^\s@\"'{}<>$…]{12,})@"
    ),
}
# files whose secrets are made up, and of what
ALLOWED = {
    "src/pagefree/web_dist/": "built",
    "web/package-lock.json": "hashes",
}
MADE_UP = re.compile(
    r"(?i)example|canary|secret|password|changeme|x{6}|0{6}|1234|abcdef"
)


def main() -> None:
    """Print what was found; ends with 1 if anything was."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT)
    names = [name for name in listed.decode().split("\0") if name]
    findings = [finding for name in names for finding in found_in(ROOT / name, name)]
    for finding in findings:
        print(finding)
    print(f"{len(names)} files, {len(findings)} findings")
    sys.exit(bool(findings))


def found_in(path: Path, name: str) -> list[str]:
    """Where a file has something of the shape of a secret, without the secret."""
    if name.startswith(tuple(ALLOWED)) or not path.is_file():
        return []
    if path.stat().st_size > LARGEST:
        return [f"{name}: too large to be looked at"]
    text = path.read_text(errors="replace")
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
        for what, shape in SHAPES.items()
        for match in shape.finditer(text)
        if not MADE_UP.search(match[0])
    ]


if __name__ == "__main__":
    main()
