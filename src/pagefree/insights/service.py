"""Answering a question with a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pagefree.core.access import Actor, Can, require
from pagefree.core.errors import NotFound
from pagefree.infra.db import Tx, driver
from pagefree.infra.spreadsheets import as_csv
from pagefree.insights import load, queries
from pagefree.insights.queries import Cell, Question, Row
from pagefree.insights.reports import REPORTS, Report


@dataclass(frozen=True, slots=True)
class Table:
    """A report with its rows, each with a value for every column."""

    report: Report
    rows: tuple[tuple[Cell, ...], ...]


async def answer(
    tx: Tx, key: str, asked: Question, actor: Actor, now: datetime
) -> Table:
    """One report. Raises NotFound and Forbidden."""
    require(actor, Can.SEE, asked.team_id)
    report = REPORTS.get(key)
    if report is None:
        raise NotFound(f"there is no report {key[:50]!r}")
    rows = await _rows(tx, report, asked, now)
    return Table(report, tuple(_ordered(report, row) for row in rows))


def written(table: Table) -> str:
    """The table as CSV; durations are seconds, shares are of 1."""
    return as_csv([column.key for column in table.report.columns], table.rows)


async def _rows(
    tx: Tx, report: Report, asked: Question, now: datetime
) -> Sequence[Row]:
    if report.statement is None:
        return await load.hours(tx, asked, now)
    return await queries.rows(await driver(tx), report.statement, asked, now)


def _ordered(report: Report, row: Row) -> tuple[Cell, ...]:
    return tuple(row[column.key] for column in report.columns)
