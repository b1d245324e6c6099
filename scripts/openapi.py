"""Write web/openapi.json and the web app's client anew; `--check` only compares."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from pagefree.app.web import Deps, create_app
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from scripts import web_build
from scripts.steps import WEB, Failed, run, step

DOCUMENT = WEB / "openapi.json"
CLIENT = WEB / "src" / "api" / "generated"
GENERATE = ["npm", "run", "generate"]
FRESH = WEB / "node_modules" / ".cache" / "client"


def document() -> str:
    """The OpenAPI document as text; needs no database."""
    app = create_app(
        Deps(
            engine=create_engine("postgresql://nobody@127.0.0.1/nothing"),
            clock=system_clock,
            vault=Vault("only for the document"),
            base_url="http://127.0.0.1:8000",
        )
    )
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write or compare, as asked."""
    env = web_build.packages()
    try:
        if "--check" in sys.argv[1:]:
            sys.exit(_stale(env))
        DOCUMENT.write_text(document())
        with step("Generating the client"):
            run(GENERATE, cwd=WEB, env=env)
    except Failed as e:
        sys.exit(str(e))


def _stale(env: Mapping[str, str]) -> str | None:
    """What is not as it would be generated now, or None."""
    if not DOCUMENT.exists() or DOCUMENT.read_text() != document():
        return "web/openapi.json is stale: run `make openapi`."
    # not below src/, where the compiler and the linter look at the same time
    shutil.rmtree(FRESH, ignore_errors=True)
    run([*GENERATE, "--", "--output", str(FRESH.relative_to(WEB))], cwd=WEB, env=env)
    if _contents(FRESH) != _contents(CLIENT):
        return "web/src/api/generated is stale: run `make openapi`."
    return None


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    main()
