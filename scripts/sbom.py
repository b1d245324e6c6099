"""Write build/sbom.json: what PageFree is made of, as a CycloneDX 1.6 document.

From the pins alone, so that it says the same on every machine: `requirements/run.txt` for what
runs on the server, `web/package-lock.json` for what is built into the web app.
"""

import json
import re
from pathlib import Path
from typing import Any

from scripts.steps import ROOT

OUT = ROOT / "build" / "sbom.json"
PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> None:
    """Write the document and say how much is in it."""
    document = made(ROOT)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")
    print(f"{OUT.relative_to(ROOT)}: {len(document['components'])} components")


def made(root: Path) -> dict[str, Any]:
    """The document."""
    components = [
        *of_python((root / "requirements" / "run.txt").read_text()),
        *of_web(json.loads((root / "web" / "package-lock.json").read_text())),
    ]
    version = re.search(
        r'__version__ = "([^"]+)"', (root / "src/pagefree/__init__.py").read_text()
    )
    product = {
        "type": "application",
        "name": "pagefree",
        "version": version[1] if version else "",
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": product},
        "components": sorted(components, key=lambda one: str(one["purl"])),
    }


def of_python(pins: str) -> list[dict[str, Any]]:
    """Each distribution, with the hashes of its files."""
    found: list[dict[str, Any]] = []
    for line in pins.splitlines():
        if pin := PIN.match(line):
            name, version = pin[1].lower(), pin[2]
            found.append(_component(name, version, f"pkg:pypi/{name}@{version}"))
        elif found and (digest := HASH.search(line)):
            # the property is free text: CycloneDX wants one file behind a hash
            found[-1].setdefault("properties", []).append(
                {"name": "pagefree:sha256", "value": digest[1]}
            )
    return found


def of_web(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """Each package of the web app that is more than a tool to build it."""
    found = {}
    for path, package in lock["packages"].items():
        if not path or package.get("dev") or "version" not in package:
            continue
        name, version = path.rpartition("node_modules/")[2], package["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        found[purl] = _component(name, version, purl)
    return list(found.values())


def _component(name: str, version: str, purl: str) -> dict[str, Any]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
        "bom-ref": purl,
    }


if __name__ == "__main__":
    main()
