"""Public holidays of the countries of the world, as local dates."""

from datetime import date
from functools import lru_cache

import holidays

from pagefree.core.errors import Invalid


@lru_cache(maxsize=1024)
def dates(
    country: str, subdivision: str | None, first_year: int, last_year: int
) -> frozenset[date]:
    """The public holidays of these years; none of a country that is no longer known."""
    years = range(first_year, last_year + 1)
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError:  # a newer release may rename a region
        return frozenset()
    return frozenset(found)


@lru_cache(maxsize=1)
def regions() -> dict[str, tuple[str, ...]]:
    """The regions with holidays of their own, by the code of the country."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(found) for country, found in sorted(known.items())}


def require_known(country: str, subdivision: str | None) -> None:
    """Raise Invalid where the public holidays are not known."""
    if country not in regions():
        raise Invalid(f"the public holidays of {country} are not known")
    if subdivision is not None and subdivision not in regions()[country]:
        raise Invalid(f"{country} has no region {subdivision} with holidays of its own")
