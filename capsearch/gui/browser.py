"""What is shown and why: the current question, its filters, and whose answer is shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from capsearch.errors import CapsearchError
from capsearch.gui.bridge import Bridge
from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.gui.look.translation import in_german
from capsearch.library.values import (
    Answer,
    Completion,
    Explanation,
    Filters,
    Question,
    Timeline,
)
from capsearch.service.operations import Ask, Complete, Explain, ReadFacts, ReadTimeline

Value = TypeVar("Value")


@dataclass(frozen=True)
class Shown:
    """What the grid shows now: the whole library by date, or an answer."""

    photos: int
    by_date: bool
    question: Question | None = None
    answer: Answer | None = None


class PhotoBrowser(QObject):
    """Fills `model` by date or with the answer to a question; `generic` with the same question's
    answer without personalisation, while `comparing`.

    `shown` carries a `Shown`; `failed` a `CapsearchError` about the question.
    """

    shown = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, model: PhotoModel, generic: PhotoModel) -> None:
        super().__init__()
        self._bridge = bridge
        self.model = model
        self.generic = generic
        # Why a photo is found is asked for when it is opened: nothing waits for it before.
        self._question = Question(told=False)
        self._comparing = self._generic_once = False
        self._number = 0
        self._answered = 0
        for one in (model, generic):
            one.facts_wanted.connect(lambda ids, one=one: self._ask_facts(one, ids))

    @property
    def question(self) -> Question:
        """What is asked; without words, photo or image it is the library by date."""
        return self._question

    @property
    def by_date(self) -> bool:
        """Whether nothing but filters is asked."""
        question = self._question
        other = (question.photo, question.image, question.copies_of)
        return not question.text and all(each is None for each in other)

    @property
    def idle(self) -> bool:
        """Whether the last question was answered."""
        return self._answered == self._number

    def ask_words(self, words: str) -> None:
        """Look for photos of this; nothing shows all by date. What was turned into plain words
        stays so while the words are there."""
        plain = tuple(kept for kept in self._question.plain if kept in words.lower())
        if words != self._question.text:
            self._generic_once = False
        self._ask(
            replace(
                self._question,
                text=words,
                photo=None,
                image=None,
                copies_of=None,
                plain=plain,
                german=in_german(),
            )
        )

    def make_plain(self, words: str) -> None:
        """Take these words of the question as they stand there, for no part and no slip."""
        plain = (*self._question.plain, words.lower())
        self._ask(replace(self._question, plain=plain))

    def complete(self, typed: str, then: Callable[[tuple[Completion, ...]], None]) -> None:
        """Look up what the end of a typed text may become."""
        self._bridge.ask(
            Complete(typed, in_german()), then=then, otherwise=lambda _: None, key="complete"
        )

    def ask_similar(self, photo_id: int) -> None:
        """Look for photos like this one of the library."""
        self._ask_other(photo=photo_id)

    def ask_image(self, path: str) -> None:
        """Look for photos like this picture."""
        self._ask_other(image=path)

    def ask_copies(self, photo_id: int) -> None:
        """Show the near copies of this photo."""
        self._ask_other(copies_of=photo_id)

    def _ask_other(
        self, *, photo: int | None = None, image: str | None = None, copies_of: int | None = None
    ) -> None:
        self._ask(replace(self._question, text="", photo=photo, image=image, copies_of=copies_of))

    def set_filters(self, filters: Filters) -> None:
        """Let only these photos through."""
        self._ask(replace(self._question, filters=filters))

    def set_personalized(self, personalized: bool) -> None:
        """Rank as the collection suggests, or as the encoder alone does."""
        self._question = replace(self._question, personalize=personalized)
        if self._question.text:
            self._ask(self._question)

    def set_strength(self, strength: str) -> None:
        """How far the collection may move results: a name of `STRENGTHS`."""
        self._question = replace(self._question, strength=strength)
        if self._question.text:
            self._ask(self._question)

    @property
    def generic_once(self) -> bool:
        """Whether this one question is answered as the encoder alone does."""
        return self._generic_once

    def toggle_generic_once(self) -> None:
        """Answer this one question as everybody would get it, or as is usual again."""
        if self._question.text:
            self._generic_once = not self._generic_once
            self._ask(self._question)

    def set_stacked(self, stacked: bool) -> None:
        """Show one photo for all its near copies, or each of them."""
        self._question = replace(self._question, stacked=stacked)
        if self._number:
            self._ask(self._question)

    def explain(self, photo_id: int, then: Callable[[Explanation | None], None]) -> None:
        """Say why a photo was found, where words were asked for."""
        if self._question.text:
            self._bridge.ask(Explain(self._put, photo_id), then=then, key="explain")

    @property
    def _put(self) -> Question:
        """The question as the photos of `model` are an answer to it."""
        question = self._question
        if self._generic_once:
            return replace(question, personalize=False)
        if self._comparing and question.text:
            return replace(question, personalize=True)
        return question

    def set_comparing(self, comparing: bool) -> None:
        """Fill the generic model too."""
        self._comparing = comparing
        if self._question.text:
            self._ask(self._question)

    def refresh(self) -> None:
        """Ask again: the library has changed."""
        self._ask(self._question, keep=True)

    def _ask(self, question: Question, *, keep: bool = False) -> None:
        self._question = question
        self._number += 1
        number = self._number

        def current(take: Callable[[Value], None]) -> Callable[[Value], None]:
            def take_if_current(value: Value) -> None:
                # An answer that was overtaken by a newer question is of no use any more.
                if number == self._number:
                    self._answered = number
                    take(value)

            return take_if_current

        if self.by_date:
            self._bridge.ask(
                ReadTimeline(question.filters, question.stacked),
                then=current(lambda timeline: self._show_timeline(timeline, keep=keep)),
                otherwise=current(self._fail),
                key="timeline",
            )
            return
        compared = self._comparing and bool(question.text)
        self._bridge.ask(
            Ask(self._put),
            then=current(lambda answer: self._show_answer(answer, keep=keep)),
            otherwise=current(self._fail),
            key="answer",
        )
        if compared:
            self._bridge.ask(
                Ask(replace(question, personalize=False)),
                then=current(lambda answer: _fill(self.generic, answer, keep=keep)),
                otherwise=current(self._fail),
                key="generic",
            )

    def _show_timeline(self, timeline: Timeline, *, keep: bool) -> None:
        self.model.show_timeline(timeline, keep=keep)
        self.shown.emit(Shown(len(timeline.ids), by_date=True, question=self._question))

    def _show_answer(self, answer: Answer, *, keep: bool) -> None:
        _fill(self.model, answer, keep=keep)
        self.shown.emit(
            Shown(
                self.model.rowCount(),
                by_date=answer.days is not None,
                question=self._question,
                answer=answer,
            )
        )

    def _fail(self, error: CapsearchError) -> None:
        self.failed.emit(error)

    def _ask_facts(self, model: PhotoModel, ids: list[int]) -> None:
        self._bridge.ask(ReadFacts(tuple(ids)), then=model.add_facts)


def _fill(model: PhotoModel, answer: Answer, *, keep: bool) -> None:
    """Show an answer: by month where nothing was looked for."""
    if answer.days is not None:
        model.show_timeline(Timeline(answer.ids, answer.days, answer.facts), keep=keep)
    else:
        model.show_answer(answer, keep=keep)
