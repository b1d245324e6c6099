"""The habits of this project that no linter knows; see CONTRIBUTING.md for why."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "pagefree"
PYTHON_ROOTS = ("src", "tests", "scripts", "bench")
WEB = ROOT / "web" / "src"
GENERATED = WEB / "api" / "generated"

FUNCTION_LINES = 60
FILE_LINES = 400
SHORTER = {"core": 300, ".tsx": 250}  # the rules of the product; one component a file
# raising a limit for one file needs a reason beside it
LONGER: dict[str, int] = {}

# Words for a concept that has another name here. Only those that mean nothing else.
OTHER_WORDS = re.compile(
    r"alert[ _-]?groups?\b|escalation[ _-]?chains?\b|receive[ _-]?channels?\b"
    r"|\brosters?\b|\bplaybooks?\b|\btenants?\b|\bshift[ _-]?patterns?\b"
    r"|\backed\b|\back'd\b|\bpagees?\b",
    re.IGNORECASE,
)
# Names that say nothing about what is inside.
EMPTY_NAMES = {
    "utils",
    "helpers",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
    "misc",
}


def python_files() -> list[Path]:
    return [
        path
        for root in PYTHON_ROOTS
        for path in sorted((ROOT / root).rglob("*.py"))
        if "migrations/versions" not in path.as_posix()
    ]


def web_files() -> list[Path]:
    return [
        path
        for pattern in ("*.ts", "*.tsx")
        for path in sorted(WEB.rglob(pattern))
        if GENERATED not in path.parents
    ]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def most_lines(path: Path) -> int:
    if SOURCE / "core" in path.parents:
        return SHORTER["core"]
    return LONGER.get(named(path), SHORTER.get(path.suffix, FILE_LINES))


def test_no_file_is_too_long() -> None:
    lengths = {
        path: len(path.read_text().splitlines())
        for path in python_files() + web_files()
    }

    assert [
        f"{named(path)}: {lines} lines, at most {most_lines(path)}"
        for path, lines in lengths.items()
        if lines > most_lines(path)
    ] == []


def test_no_function_is_too_long() -> None:
    assert [
        f"{named(path)}:{node.lineno} {node.name}: {lines} lines, at most {FUNCTION_LINES}"
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ] == []


def test_nothing_is_imported_inside_a_function() -> None:
    assert [
        f"{named(path)}:{inner.lineno}"
        for path in python_files()
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ] == []


def test_every_concept_has_one_word() -> None:
    files = [path for path in python_files() if SOURCE in path.parents] + web_files()

    assert [
        f"{named(path)}:{number}: {found[0]}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := OTHER_WORDS.search(line))
    ] == []


def test_files_are_named_after_what_they_hold() -> None:
    files = [*python_files(), *web_files()]

    assert [named(path) for path in files if path.stem.lower() in EMPTY_NAMES] == []


def test_only_providers_have_a_base() -> None:
    holders = {path.parent.name for path in SOURCE.rglob("base.py")}

    assert holders <= {"channels", "integrations", "actions", "targets"}


def providers(kind: str) -> list[Path]:
    return sorted(path.parent for path in (SOURCE / kind).glob("*/__init__.py"))


@pytest.mark.parametrize(
    "folder", providers("integrations"), ids=lambda path: path.name
)
def test_an_integration_is_complete(folder: Path) -> None:
    samples = sorted(folder.glob("samples/*"))
    beside = (".expected.json", ".request.json")
    bodies = [path for path in samples if not path.name.endswith(beside)]

    assert (folder / "parse.py").exists()
    assert (folder / "README.md").exists()
    assert bodies
    for body in bodies:
        assert body.with_name(f"{body.stem}.expected.json") in samples


@pytest.mark.parametrize("folder", providers("channels"), ids=lambda path: path.name)
def test_a_channel_is_complete(folder: Path) -> None:
    assert (folder / "channel.py").exists()
    assert (folder / "README.md").exists()


def test_imports_follow_the_contracts() -> None:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--no-logo",
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
