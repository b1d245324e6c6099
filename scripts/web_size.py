"""How much JavaScript the first screen of the built web app takes, and whether that is too much."""

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.web_build import BUILT

MOST_KIB = 250  # cold and gzip-compressed; the aim is 150
FIRST = "IncidentsPage-*.js"  # what people see who open the app
KIB = 1024
SCRIPTS = re.compile(r'(?:src|href)="/assets/([^"]+\.js)"')
# of a module that is needed at once; those that `import()` names come later
IMPORTS = re.compile(r'(?:\bfrom|\bimport)\s*"\./([^"]+\.js)"')


@dataclass(frozen=True, slots=True)
class Size:
    """What a browser fetches that has never been there."""

    files: dict[str, int]  # bytes, gzip-compressed

    @property
    def kib(self) -> float:
        """All of it."""
        return sum(self.files.values()) / KIB


def first_screen(built: Path = BUILT) -> Size:
    """Of the list of incidents: what the page names, and all that those files import."""
    assets = built / "assets"
    page = (built / "index.html").read_text()
    names = {*SCRIPTS.findall(page), *(path.name for path in assets.glob(FIRST))}
    return Size({name: _packed(assets / name) for name in _closure(assets, names)})


def _closure(assets: Path, names: Iterable[str]) -> Iterator[str]:
    waiting, seen = [*names], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            yield name
            waiting += IMPORTS.findall((assets / name).read_text())


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))


def main() -> int:
    """Print it; 1 if it is too much."""
    size = first_screen()
    for name, packed in sorted(size.files.items(), key=lambda item: -item[1])[:10]:
        print(f"{packed / KIB:8.1f} KiB  {name}")
    print(f"{size.kib:8.1f} KiB  in {len(size.files)} files, at most {MOST_KIB}")
    return int(size.kib > MOST_KIB)


if __name__ == "__main__":
    sys.exit(main())
