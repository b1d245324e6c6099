"""Many rows as the parameters of one statement: an array for each of their columns."""

from collections.abc import Sequence


def new_rows(first: int, **types: str) -> str:
    """What to select from: rows named `new` with columns of these types.

    Their parameters begin with number `first`, and are made by `arrays`.
    """
    numbered = list(enumerate(types.items(), first))
    columns = ", ".join(
        f"CASE WHEN cardinality(${n}::{of}[]) = 1 THEN (${n}::{of}[])[1]"
        f" ELSE sent.{name} END AS {name}"
        for n, (name, of) in numbered
    )
    parameters = ", ".join(f"${n}::{of}[]" for n, (_, of) in numbered)
    sent = f"unnest({parameters}) AS sent ({', '.join(types)})"
    return f"(SELECT {columns} FROM {sent}) AS new"  # noqa: S608 - text of our own


def arrays(rows: Sequence[tuple[object, ...]]) -> list[Sequence[object]]:
    """The columns of `rows`, of which the first is different in each.

    One that is the same in all rows is sent once, one that is null not at all: the most
    of a batch is, and to send a value takes longer than to find that out.
    """
    ids, *others = zip(*rows, strict=True)
    return [ids, *map(_short, others)]


def _short(column: tuple[object, ...]) -> Sequence[object]:
    first = column[0]
    # the last one tells most columns that differ, and costs least
    if column[-1] != first or column.count(first) < len(column):
        return column
    return () if first is None else (first,)
