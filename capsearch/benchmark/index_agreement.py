"""How many of the best photos the index finds, where a library is so large that one is used."""

import numpy as np

from capsearch.benchmark.means import add_mean
from capsearch.benchmark.run import Run
from capsearch.benchmark.sentences import generic_sentences
from capsearch.benchmark.sized_search import recall_at
from capsearch.encoders.base import Encoder
from capsearch.library.encoder_view import EncoderView
from capsearch.library.values import Question
from capsearch.personalize import PersonalizedQuery, Profile, personalize_query, query_variants
from capsearch.search import Searcher, wants_index
from capsearch.search.vector_index import index_notice, most_candidates

_QUERIES, _QUICK_QUERIES = 200, 40
_WINDOWFUL = Question().count
_EXACT = f"quality: every search of this library for {_WINDOWFUL} photos is exact,"
CUT_OFFS = (10, 50, _WINDOWFUL)


def measure_agreement(run: Run, view: EncoderView) -> None:
    """Compare the library's index with exact search; where it has or uses none, say why."""
    searcher = view.searcher()
    if not wants_index(searcher.matrix):
        run.note(f"{_EXACT} for it is small enough to look at all photos each time.")
    elif searcher.index is None:
        run.lacks(
            "quality: agreement of index and exact search: "
            + (index_notice() or "the library has no index yet; the window makes it.")
        )
    elif searcher.index.breadth(_WINDOWFUL) > most_candidates(searcher.matrix):
        run.note(
            f"{_EXACT} for its index would have to look at so many that all are as quickly read."
        )
    else:
        run.say("quality: comparing the index with exact search")
        profile = view.profiles.profile(searcher.matrix)
        add_agreement(run, searcher, view.encoder, profile)


def add_agreement(run: Run, searcher: Searcher, encoder: Encoder, profile: Profile | None) -> None:
    """Put into the report how many of the first photos are the same with and without the index of
    `searcher`, for generic and, with a profile, for personalised queries."""
    exact = Searcher(searcher.matrix)
    texts = generic_sentences(_QUICK_QUERIES if run.quick else _QUERIES)
    neutral = Profile.neutral(searcher.matrix.ids, searcher.matrix.dim)
    ways = {"generic": neutral} | ({"personalised": profile} if profile is not None else {})
    for way, used in ways.items():
        shares = np.array([_shares(searcher, exact, _ask(encoder, used, text)) for text in texts])
        for place, k in enumerate(CUT_OFFS):
            add_mean(
                run, f"index against exact search, recall at {k}", way, "%", shares[:, place],
                size=len(searcher.matrix), better="more",
                note=f"{len(texts)} sentences that the index was not tuned by",
            )  # fmt: skip


def _ask(encoder: Encoder, profile: Profile, text: str) -> PersonalizedQuery:
    return personalize_query(profile, text, encoder.encode_texts(query_variants(text)))


def _shares(quick: Searcher, exact: Searcher, query: PersonalizedQuery) -> list[float]:
    """For each of `CUT_OFFS` the share of the best photos that are among as many found."""
    bias = query.bias if query.bias.any() else None
    found, best = (
        searcher.search(query.vector, _WINDOWFUL, bias=bias)[0] for searcher in (quick, exact)
    )
    return [recall_at(k, [found], [best]) for k in CUT_OFFS]
