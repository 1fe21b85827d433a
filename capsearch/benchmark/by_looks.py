"""Photos in the order of their looks alone: what their own texts and dates say is left out, for it
would answer for the encoder and for what was learned."""

from capsearch.catalog.records import IdArray
from capsearch.library.encoder_view import EncoderView
from capsearch.library.looking import ask_words, look_for


def order_by_looks(view: EncoderView, text: str, count: int, *, personalize: bool) -> IdArray:
    """The first `count` photos (m,) for a text, personalised or not."""
    searcher = view.searcher()
    (asked,) = ask_words(view, searcher.matrix, [text], personalize=personalize)
    return look_for(view, searcher, asked, count, None).ids
