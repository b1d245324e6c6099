"""What must not be guessed byte by byte is compared in constant time, everywhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pagefree

SOURCE = Path(pagefree.__file__).parent
SECRET = re.compile(
    r"(^|_)(signature|mac|hmac|digest|token|secret|proof|password)$", re.IGNORECASE
)
# comparisons of what is no secret, or only a hash of a random one
HARMLESS = {
    "status_pages/pages.py: token.token_hash == digest",  # SHA-256 of 144 random bits
    "status_pages/pushing.py: self._there.get(key) != digest",  # of published files
    "accounts/authentication.py: digest != own",  # both are ours
}


def compared(tree: ast.AST) -> Iterator[ast.Compare]:
    """Comparisons for equality of two things of which one is named like a secret."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        sides = (node.left, node.comparators[0])
        equal = isinstance(node.ops[0], ast.Eq | ast.NotEq)
        literal = any(isinstance(side, ast.Constant) for side in sides)
        if equal and not literal and any(map(is_secret, sides)):
            yield node


def is_secret(side: ast.expr) -> bool:
    name = {ast.Name: "id", ast.Attribute: "attr"}.get(type(side))
    return name is not None and bool(SECRET.search(getattr(side, name)))


def test_secrets_are_compared_in_constant_time() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {ast.unparse(node)}"
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        and path.name != "queries.py"
        and not path.name.endswith("_queries.py")
        for node in compared(ast.parse(path.read_text()))
    }

    assert found - HARMLESS == set()
    assert found >= HARMLESS


def test_such_a_comparison_would_be_found() -> None:
    (found,) = compared(ast.parse("if given.signature == expected: pass"))

    assert ast.unparse(found) == "given.signature == expected"
