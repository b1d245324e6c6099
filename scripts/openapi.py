"""Write web/openapi.json and the web app's client anew; `--check` only compares."""

import json
import sys
import tempfile
from pathlib import Path

from pagefree.app.web import Deps, create_app
from pagefree.infra.clock import system_clock
from pagefree.infra.crypto import Vault
from pagefree.infra.db import create_engine
from scripts import web_build
from scripts.steps import WEB, run, step

DOCUMENT = WEB / "openapi.json"
CLIENT = WEB / "src" / "api" / "generated"


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
    if "--check" in sys.argv[1:]:
        sys.exit("\n".join(stale()))
    DOCUMENT.write_text(document())
    env = web_build.packages()
    with step("Generating the client"):
        run(["npm", "run", "generate"], cwd=WEB, env=env)


def stale() -> list[str]:
    """What is not as it would be generated now."""
    wrong = []
    if not DOCUMENT.exists() or DOCUMENT.read_text() != document():
        wrong.append("web/openapi.json is stale: run `make openapi`.")
    env = web_build.packages()
    with tempfile.TemporaryDirectory(dir=CLIENT.parent) as folder:
        fresh = Path(folder) / CLIENT.name
        run(["npx", "openapi-ts", "--output", str(fresh)], cwd=WEB, env=env)
        if _contents(fresh) != _contents(CLIENT):
            wrong.append("web/src/api/generated is stale: run `make openapi`.")
    return wrong


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    main()
