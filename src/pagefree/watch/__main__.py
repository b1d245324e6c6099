"""`python -m pagefree.watch`, which `pagefree watch` becomes."""

import argparse
import asyncio
import sys
from pathlib import Path

from pagefree.infra.clock import system_clock
from pagefree.watch import config
from pagefree.watch.program import Watch, check, say


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(
        "pagefree watch", description="Page by itself when PageFree falls silent."
    )
    parser.add_argument("--config", type=Path, default=Path("watch.toml"))
    parser.add_argument(
        "--check", action="store_true", help="send a test page in every way, and end"
    )
    asked = parser.parse_args()
    try:
        found = config.read(asked.config)
    except config.WrongConfig as e:
        say(str(e))
        return 2
    if asked.check:
        return 0 if asyncio.run(check(found, system_clock)) else 1
    asyncio.run(Watch(found, system_clock).run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
