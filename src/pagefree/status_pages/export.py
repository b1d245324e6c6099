"""A page as plain files in a folder, which another host may serve as they are."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from pagefree.infra.ids import new_id
from pagefree.status_pages.rendering.files import HTML, File


def write(folder: Path, slug: str, files: Mapping[str, File]) -> None:
    """Write every file, each whole or not at all; what is gone is removed. Raises OSError."""
    target = folder / slug
    written = named(files)
    for name, file in written.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{new_id()}")
        unfinished.write_bytes(file.content)
        Path(unfinished).replace(path)
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target).as_posix() not in written:
            path.unlink(missing_ok=True)


def named(files: Mapping[str, File]) -> dict[str, File]:
    """The files by the names that a plain web server finds them at."""
    return {_name(path, file): file for path, file in files.items()}


def _name(path: str, file: File) -> str:
    """What a plain web server finds: folders have an index, pages their ending."""
    if not path or path.endswith("/"):
        return f"{path}index.html"
    if file.media_type == HTML and not PurePosixPath(path).suffix:
        return f"{path}.html"
    return path
