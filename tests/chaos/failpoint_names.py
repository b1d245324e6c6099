"""Every failpoint that stands in the sources, found without running them."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pagefree"


def names() -> list[str]:
    """The names of all, one for each call."""
    return sorted(name for path in SOURCE.rglob("*.py") for name in _in(path))


def _in(path: Path) -> Iterator[str]:
    text = path.read_text()
    if "failpoint(" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "failpoint":
            [name] = node.args
            assert isinstance(name, ast.Constant), path
            assert isinstance(name.value, str), path
            yield name.value
