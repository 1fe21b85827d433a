"""Where a photo was taken, by name."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["city", "region", "country"]
LEVELS: tuple[Level, ...] = ("city", "region", "country")


@dataclass(frozen=True)
class Locality:
    """A city or town, its region (the country's first level) and its country, by GeoNames' names,
    which are English where there is an English name and local elsewhere; "" where there is none.

    `country_code` is ISO 3166-1's with two letters (and XK). `around` is the much larger city of
    which it is a part or a suburb: Paris around Versailles.
    """

    city: str
    region: str
    country: str
    country_code: str
    around: str = ""
