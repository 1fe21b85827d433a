"""What places are called: as shown to people, and by every name that finds them."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from capsearch.gazetteer.locality import LEVELS, Level, Locality
from capsearch.gazetteer.tables import Names, tables
from capsearch.text import folded

Language = Literal["en", "de"]


def shown(locality: Locality, language: Language) -> str:
    """The place in the language of the window: "Geneva, Switzerland", "Genf, Schweiz".

    Without a city its region comes first; a city state is said once.
    """
    city, region, country = shown_parts(locality, language)
    return ", ".join(dict.fromkeys(name for name in (city or region, country) if name))


def shown_parts(locality: Locality, language: Language) -> tuple[str, str, str]:
    """City, region and country in the language of the window, "" for what is not known."""
    if language == "en":
        return locality.city, locality.region, locality.country
    city, region, country = (
        names.german[row] if names is not None and row is not None else ""
        for names, row in _found(locality)
    )
    return city or locality.city, region or locality.region, country or locality.country


def shown_around(locality: Locality, language: Language) -> str:
    """The city around it in the language of the window, "" where there is none."""
    names, row = _around(locality)
    german = names.german[row] if language == "de" and names is not None and row is not None else ""
    return german or locality.around


@lru_cache(maxsize=4096)
def spellings(locality: Locality) -> tuple[tuple[Level, str], ...]:
    """Every name that the city (and the one around it), the region and the country are found by:
    English, German, local and other European ones, the shown ones first. Names of a level that are
    alike when folded come once."""
    found: dict[tuple[Level, str], str] = {}
    for level, _, spelling in listed_spellings(locality):
        found.setdefault((level, folded(spelling)), spelling)
    return tuple((level, spelling) for (level, _), spelling in found.items())


def listed_spellings(locality: Locality) -> Iterator[tuple[Level, str, str]]:
    """As `spellings`, each between its level and the name in the locality that it stands for."""
    own = (locality.city, locality.region, locality.country)
    for level, name, (names, row) in zip(LEVELS, own, _found(locality), strict=True):
        for spelling in _every(name, names, row):
            yield level, name, spelling
    for spelling in _every(locality.around, *_around(locality)):
        yield "city", locality.around, spelling


def _every(name: str, names: Names | None, row: int | None) -> list[str]:
    if names is None or row is None:
        return [name] if name else []
    return [each for each in (name, names.german[row], *names.others[row].split("|")) if each]


def _around(locality: Locality) -> tuple[Names | None, int | None]:
    """The row of the largest city of that name in the country."""
    known = tables()
    if not locality.around or locality.country_code not in known.codes:
        return None, None
    country = known.codes.index(locality.country_code)
    first, last = known.country_starts[country : country + 2]
    rows = known.city_names.english.find_all(
        locality.around, int(known.region_starts[first]), int(known.region_starts[last])
    )
    return known.city_names, max(rows, key=lambda row: known.radii[row], default=None)


def _found(locality: Locality) -> tuple[tuple[Names | None, int | None], ...]:
    """The tables' rows of a locality's city, region and country; None for what they lack."""
    known = tables()
    nothing = (None, None)
    if locality.country_code not in known.codes:
        return nothing, nothing, nothing
    country = known.codes.index(locality.country_code)
    region = known.region_names.english.find(
        locality.region,
        int(known.country_starts[country]),
        int(known.country_starts[country + 1]),
    )
    if region is None:
        return nothing, nothing, (known.country_names, country)
    city = known.city_names.english.find(
        locality.city, int(known.region_starts[region]), int(known.region_starts[region + 1])
    )
    return (
        (known.city_names, city if locality.city else None),
        (known.region_names, region if locality.region else None),
        (known.country_names, country),
    )
