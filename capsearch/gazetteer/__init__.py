"""Names of places from positions, offline: city or town, region and country, and all spellings.

Made from GeoNames, Unicode CLDR and Natural Earth (resources/places). Nothing is loaded before the
first question.
"""

from capsearch.gazetteer.locality import Level, Locality
from capsearch.gazetteer.locating import locate, locate_many
from capsearch.gazetteer.naming import (
    Language,
    listed_spellings,
    shown,
    shown_around,
    shown_parts,
    spellings,
)

__all__ = [
    "Language", "Level", "Locality", "listed_spellings", "locate", "locate_many", "shown",
    "shown_around", "shown_parts", "spellings",
]  # fmt: skip
