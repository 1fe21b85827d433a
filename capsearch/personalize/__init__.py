"""Collection-aware personalisation (CAP): the collection alone makes results more relevant.

    weights = load_weights()                                  # once; weights.notice for the user
    bank = encoder.encode_texts(bank_texts())                 # once per encoder
    profile = compute_profile(ids, vectors, days, people, weights, bank)      # in the background
    catalog.set_state(key, profile.to_bytes())                # Profile.from_bytes reads it again

    rows = encoder.encode_texts(query_variants(text))         # one or two texts, one batch
    query = personalize_query(profile, text, rows)            # search with query.vector, query.bias
    parts = explain(profile, query, vectors, result_rows)     # why each result is where it is

Nothing here imports torch; training and evaluation live in `capsearch.lab.cap`.
"""

from capsearch.personalize.bank import bank_texts
from capsearch.personalize.compute import compute_profile, profile_identity
from capsearch.personalize.intent import query_variants
from capsearch.personalize.profile import Profile
from capsearch.personalize.query import (
    PersonalizedQuery,
    ScoreParts,
    explain,
    personalize_query,
)
from capsearch.personalize.weights import CapWeights, load_weights

__all__ = [
    "CapWeights",
    "PersonalizedQuery",
    "Profile",
    "ScoreParts",
    "bank_texts",
    "compute_profile",
    "explain",
    "load_weights",
    "personalize_query",
    "profile_identity",
    "query_variants",
]
