"""`capsearch search`'s words and filters, as one text in the language of the search box."""

import argparse
import locale
import re
from collections.abc import Sequence

from capsearch.errors import CapsearchError
from capsearch.library.values import Answer

_EXCLUDED = re.compile(r"-(?!n\d*$)(?!h$)[^\W\d].*", re.DOTALL)


def add_question(parser: argparse.ArgumentParser) -> None:
    """QUERY and the filters that may stand beside it."""
    parser.add_argument(
        "query",
        metavar="QUERY",
        nargs="*",
        help="""for example: 'a dog on the beach', 'Anna in Annecy last summer', 'lake -snow',
        '"exact words"'; what is understood of it is said above the results""",
    )
    filters = parser.add_argument_group(
        "filters", "the same as in QUERY: person:NAME, place:NAME, date:WHEN, type:KIND, without"
    )
    for name, metavar, words in (
        ("person", "NAME", "who is on the photo; several times: all of them"),
        ("place", "NAME", "city, region or country where it was taken"),
        ("in", "WHEN", "for example 2015, 'July 2019', 'last summer', Christmas"),
        ("from", "WHEN", "taken then or later"),
        ("to", "WHEN", "taken then or earlier"),
        ("type", "KIND", "videos, screenshots, raw, favourites, png, ..."),
        ("without", "WORDS", "not showing this"),
    ):
        filters.add_argument(
            f"--{name}",
            dest=f"filter_{name}",
            action="append",
            default=[],
            metavar=metavar,
            help=words,
        )


def let_exclusions_be_words(arguments: Sequence[str]) -> list[str]:
    """`search -dog` excludes dogs: argparse takes what begins with a space for no option."""
    if "search" not in arguments[:1]:
        return list(arguments)
    return [f" {each}" if _EXCLUDED.fullmatch(each) else each for each in arguments]


def question_text(options: argparse.Namespace) -> str:
    """What the search box would be asked."""
    words = [word.strip() for word in options.query]
    words += [_named("person", name) for name in options.filter_person]
    words += [_named("place", name) for name in options.filter_place]
    words += [_named("date", when) for when in options.filter_in]
    words += [_named("date", f"since {when}") for when in options.filter_from]
    words += [_named("date", f"until {when}") for when in options.filter_to]
    words += [_named("type", kind) for kind in options.filter_type]
    words += [f"without {what}" for what in options.filter_without]
    return " ".join(words)


def check_filters(options: argparse.Namespace, answer: Answer) -> None:
    """See to it that every filter was understood.

    Raises:
        CapsearchError: a date or a type is none.
    """
    parts = answer.understood.parts
    for name, prefix, example in (
        ("in", "", "2015, 'July 2019' or 'last summer'"),
        ("from", "since ", "2015 or '3 May 2019'"),
        ("to", "until ", "2015 or '3 May 2019'"),
        ("type", "", "videos, screenshots, raw, favourites or png"),
    ):
        fields = ("kind", "format") if name == "type" else ("dates", "yearly", "weekday")
        understood = {part.label for part in parts if part.field in fields}
        for value in getattr(options, f"filter_{name}"):
            if f"{prefix}{value}" not in understood:
                what = "kind of photo" if name == "type" else "date"
                raise CapsearchError(
                    f"'{value}' is no {what} that CapSearch knows.", f"Give for example {example}."
                )


def speaks_german() -> bool:
    """Whether the user's system is set to German."""
    return (locale.getlocale()[0] or "").lower().startswith(("de", "german"))


def _named(field: str, value: str) -> str:
    quoted = value.replace('"', " ")
    return f'{field}:"{quoted}"'
