"""Ask whether a pinned dependency has a known weakness; say what could not be asked.

Each question has two minutes. A registry that does not answer is no finding: the line says so,
and the exit code stays 0. A known weakness ends with 1.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.steps import ROOT, VENV

PATIENCE_S = 120
PYTHON = ("run", "dev", "build")  # sets in requirements/


@dataclass(frozen=True, slots=True)
class Answer:
    """What was learnt of one set of pins."""

    of: str
    weaknesses: tuple[str, ...] = ()
    not_asked: str = ""  # why


def main() -> None:
    """Ask everything, print a line for each."""
    answers = [*(_python(name) for name in PYTHON), _web()]
    for answer in answers:
        if answer.not_asked:
            print(f"{answer.of}: could not be asked: {answer.not_asked}")
        else:
            print(f"{answer.of}: {len(answer.weaknesses)} known weaknesses")
        for weakness in answer.weaknesses:
            print(f"  {weakness}")
    sys.exit(any(answer.weaknesses for answer in answers))


def _python(name: str) -> Answer:
    pins = f"requirements/{name}.txt"
    tool = (str(VENV / "bin" / "pip-audit"), "--requirement", pins)
    more = ("--format=json", "--disable-pip", "--no-deps", "--progress-spinner=off")
    return of_pip(pins, *_asked([*tool, *more, "--timeout=20"]))


def of_pip(pins: str, out: str, err: str) -> Answer:
    """What `pip-audit` has said."""
    try:
        found = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(pins, not_asked=_line(err, -1))
    return Answer(
        pins,
        tuple(
            f"{one['name']} {one['version']}: {weakness['id']}"
            for one in found
            for weakness in one.get("vulns", ())
        ),
    )


def _web() -> Answer:
    pins = "web/package-lock.json"
    npm = ("npm", "--prefix", "web", "audit", "--omit=dev", "--json")
    return of_npm(pins, *_asked(npm))


def of_npm(pins: str, out: str, err: str) -> Answer:
    """What `npm audit` has said."""
    try:
        found = json.loads(out)["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Answer(pins, not_asked=_line(err, 0))
    return Answer(pins, tuple(f"{n}: {one['severity']}" for n, one in found.items()))


def _asked(command: Sequence[str]) -> tuple[str, str]:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,  # a weakness is no failure of the tool
        )
    except subprocess.TimeoutExpired:
        return "", f"no answer within {PATIENCE_S} s"
    except OSError as e:
        return "", f"{command[0]}: {e.strerror}"
    return done.stdout, done.stderr


def _line(text: str, number: int) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[number][:200] if lines else "no answer that can be read"


if __name__ == "__main__":
    main()
