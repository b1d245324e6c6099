"""CSV files that spreadsheets can open without taking any cell for a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# https://owasp.org/www-community/attacks/CSV_Injection, and what East Asian keyboards write
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", *"\uff1d\uff0b\uff0d\uff20")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A line of titles and one for each row; texts are made safe, numbers stay numbers."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
