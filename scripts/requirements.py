"""Pin the newest versions that fit, with the hashes of their files."""

from scripts.steps import ROOT, VENV, run, step

FOLDER = "requirements"
COMPILE = [
    str(VENV / "bin" / "uv"),
    *("pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--no-header"),
    *("--universal", "--python-version", "3.11"),
]
# each set agrees with the ones above it, so that all fit into one environment
SETS = {
    "build": ["requirements/build.in"],
    "run": ["pyproject.toml", "-c", "requirements/build.txt"],
    "dev": [
        "pyproject.toml",
        *("requirements/dev.in", "-c", "requirements/run.txt"),
        *("-c", "requirements/build.txt"),
    ],
    "node": ["requirements/node.in"],
}


def main() -> None:
    """Write every requirements/*.txt anew."""
    for name, sources in SETS.items():
        with step(f"{FOLDER}/{name}.txt"):
            run([*COMPILE, *sources, "-o", f"{FOLDER}/{name}.txt"], cwd=ROOT)


if __name__ == "__main__":
    main()
