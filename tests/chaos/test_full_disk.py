"""The disk of the database is full: nothing is taken that cannot be kept, and it ends."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.standing import standing

pytestmark = [pytest.mark.xdist_group("standing"), pytest.mark.crash, pytest.mark.long]

SIZE = "size=400m"
LEFT_OVER = 64 * 1024  # bytes


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", str(folder)]
    subprocess.run(mount, check=True)
    folder.chmod(0o755)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.fault("T-15", "the disk of PostgreSQL is full, and then it is not")
async def test_a_full_disk_loses_nothing_and_ends(small_disk: Path) -> None:
    async with standing(small_disk) as installation:
        ballast = small_disk / "ballast"
        async with installation.load() as tool:
            free = os.statvfs(small_disk)
            size = free.f_bavail * free.f_frsize - LEFT_OVER
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, size)
            await asyncio.sleep(8)
            assert tool.refused > 0
            ballast.unlink()
            if not installation.postmaster.is_running():
                await installation.start_postgres()
