"""Mend what tools can mend by themselves."""

from scripts import web_build
from scripts.steps import VENV, WEB, run, step

RUFF = VENV / "bin" / "ruff"


def main() -> None:
    """Format and fix the Python and the web sources."""
    with step("Python"):
        run([RUFF, "format", "--quiet"])
        run([RUFF, "check", "--fix", "--quiet", "--exit-zero"])
        run([RUFF, "format", "--quiet"])
    node = web_build.packages()
    with step("Web"):
        run(["npm", "run", "--silent", "fix"], cwd=WEB, env=node)


if __name__ == "__main__":
    main()
