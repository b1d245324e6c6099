"""Prepare this checkout: `python3 -m scripts.bootstrap run|dev [web] [tools]`.

This file alone must be readable to an old Python, so that it can say it is too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- the machine's Python may be anything
    sys.exit(
        "PageFree needs Python 3.11 or newer, but %s is %d.%d: install a newer one and"  # noqa: UP031 -- understood by every Python
        " name it, as in `make PYTHON=python3.12 run`."
        % (sys.executable, sys.version_info[0], sys.version_info[1])
    )

from scripts.prepare import prepare

if __name__ == "__main__":
    prepare(set(sys.argv[1:]))
