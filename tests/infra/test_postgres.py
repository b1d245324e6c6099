import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pagefree.infra.postgres import EmbeddedPostgres, PostgresError, erase, running_url

START_AND_WAIT = """
import sys
from pathlib import Path
from pagefree.infra.postgres import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), fsync=False).start(), flush=True)
sys.stdin.read()
"""


async def fetch(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_what_was_committed_is_there_after_a_stop(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with EmbeddedPostgres(data_dir, fsync=False):
        url = running_url(data_dir)
        assert url
        await fetch(url, "CREATE TABLE kept AS SELECT 7 AS value")
    assert running_url(data_dir) is None

    again = EmbeddedPostgres(data_dir, fsync=False)
    url = again.start()

    assert await fetch(url, "SELECT value FROM kept") == 7
    again.stop()


async def test_a_server_left_by_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    command = [sys.executable, "-c", START_AND_WAIT, str(data_dir)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        left = first.stdout.readline().strip()
        first.send_signal(signal.SIGKILL)
    pid = int((data_dir / "postmaster.pid").read_text().split()[0])

    server = EmbeddedPostgres(data_dir, fsync=False)
    url = server.start()

    assert url == left
    assert await fetch(url, "SELECT 1") == 1
    server.stop()
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


async def test_a_note_with_a_reused_process_number_is_no_obstacle(
    tmp_path: Path,
) -> None:
    data_dir = tmp_path / "data"
    with EmbeddedPostgres(data_dir, fsync=False):
        note = (data_dir / "postmaster.pid").read_text().splitlines()
    note[0] = str(os.getpid())
    (data_dir / "postmaster.pid").write_text("\n".join(note) + "\n")

    with EmbeddedPostgres(data_dir, fsync=False):
        url = running_url(data_dir)

        assert url
        assert await fetch(url, "SELECT 1") == 1


def test_a_data_directory_has_one_user_at_a_time(tmp_path: Path) -> None:
    with (
        EmbeddedPostgres(tmp_path / "data", fsync=False),
        pytest.raises(PostgresError, match=f"in use by process {os.getpid()}"),
    ):
        EmbeddedPostgres(tmp_path / "data").start()


def test_data_in_use_cannot_be_erased_and_free_data_can(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    with EmbeddedPostgres(data_dir, fsync=False):
        with pytest.raises(PostgresError, match="in use"):
            erase(data_dir)
        assert data_dir.exists()

    erase(data_dir)

    assert not data_dir.exists()
    erase(data_dir)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()

    with pytest.raises(PostgresError, match="neither empty nor"):
        EmbeddedPostgres(tmp_path / "photos").start()


def test_the_reason_of_a_failed_start_is_told(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", fsync=False):
        pass
    (tmp_path / "data" / "PG_VERSION").write_text("15\n")

    with pytest.raises(PostgresError, match="initialized by PostgreSQL version 15"):
        EmbeddedPostgres(tmp_path / "data").start()


def test_a_path_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(PostgresError, match=r"file.*choose another data directory"):
        EmbeddedPostgres(tmp_path / "file" / "data").start()


async def test_text_sorts_the_same_on_every_machine(tx: AsyncConnection) -> None:
    found = await tx.scalar(
        text(
            "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['é','b','a','B']) x"
        )
    )

    assert found == "Babé"
