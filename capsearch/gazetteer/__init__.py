"""Names of places from positions, offline: city or town, region and country, and all spellings.

Made from GeoNames, Unicode CLDR and Natural Earth (resources/places). Nothing is loaded before the
first question.
"""

from capsearch.gazetteer.locality import Level, Locality
from capsearch.gazetteer.locating import locate, locate_many
from capsearch.gazetteer.naming import Language, shown, shown_parts, spellings

__all__ = [
    "Language", "Level", "Locality", "locate", "locate_many", "shown", "shown_parts", "spellings",
]  # fmt: skip
