"""What names and corrections do to answers: through the library's facade, as the app asks."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from capsearch.catalog.records import IdArray
from capsearch.encoders.base import Encoder
from capsearch.lab.personal.libraries import Sources
from capsearch.lab.subjects.contexts import Contexts
from capsearch.lab.subjects.figures import Figures, average_precision, f1
from capsearch.lab.subjects.libraries import NOTHING, OpenedLibrary, drawn, opened, paired
from capsearch.library.lessons import Ignore, Name, SubjectRef
from capsearch.library.values import Answer, Question

FIRST = 12
"""Stacks that the page shows without scrolling, about."""
SIZES = (300, 1_000)
NAME = "Zorbel"
"""A name that no photo and no encoder knows."""
_OTHER_NAMES = ("Quandix", "Plimora", "Vestrik", "Drunalo")
_FOUND = 0.5

Tell = Callable[[str], None]


def measure(
    sources: Sources,
    encoder: Encoder,
    contexts: Contexts,
    draws: int,
    seed: int,
    tell: Tell,
    sizes: Sequence[int] = SIZES,
) -> None:
    """Tell all figures, for libraries of each of `sizes` photos of anything."""
    names = sorted(sources.subjects)
    classes = [sources.classes[name] for name in names]
    for size in sizes:
        figures = Figures()
        for labelled in drawn(sources, draws, size, seed):
            with opened(labelled, encoder) as library:
                _page(library, figures)
                _names(library, classes, contexts.get(names[labelled.wanted], {}), figures)
                _ignored(library, classes[labelled.wanted], figures)
                _only_others(library, classes, figures)
                _surely_own(library, classes, figures)
        for labelled in paired(sources, 1, size, seed):
            with opened(labelled, encoder) as library:
                _two_of_a_class(library, classes[labelled.wanted], figures)
        tell(f"\nlibraries with {size:,} photos of anything, {draws} draws\n{figures.as_text()}")


def ask(library: OpenedLibrary, text: str, *, personalize: bool = True) -> Answer:
    """All photos for a text."""
    count = len(library.ids)
    return library.library.answer(
        Question(text, count=count, stacked=False, personalize=personalize, strength="normal")
    )


def best_stack(library: OpenedLibrary, subject: int) -> IdArray | None:
    """The photos of the stack that is most like a subject, as the page has it; None where no
    stack has one of its photos."""
    wanted = library.showing(subject)
    stacks = [each.photos for each in library.library.learned().subjects]
    best = max(stacks, key=lambda photos: f1(photos, wanted), default=wanted[:0])
    return best if len(np.intersect1d(best, wanted)) else None


def named_photos(library: OpenedLibrary, subject: int) -> IdArray:
    """What a person would give a name to: the best stack or, where there is none, one photo."""
    found = best_stack(library, subject)
    return library.showing(subject)[:1] if found is None else found


def call(library: OpenedLibrary, photos: IdArray, name: str, called: str = "") -> None:
    """Give a name to these photos."""
    ref = SubjectRef(None, tuple(photos.tolist()))
    library.library.teach(Name(ref, name, called))


def _page(library: OpenedLibrary, figures: Figures) -> None:
    first = [each.photos for each in library.library.learned().subjects[:FIRST]]
    for subject in library.labelled.recurring:
        best = max((f1(photos, library.showing(subject)) for photos in first), default=0.0)
        figures.add("page: subjects among the first 12 stacks (F1 >= 0.5)", subject, best >= _FOUND)
        figures.add("page: F1 of the best stack", subject, best)
    for photos in first:
        shown = library.labelled.shows[library.rows(photos)]
        known = shown[shown != NOTHING]
        most = np.bincount(known).max() if len(known) else 0
        real = 2 * most > len(photos)
        figures.add("page: stacks with one subject for the most", library.labelled.wanted, real)


def _names(
    library: OpenedLibrary,
    classes: Sequence[str],
    contexts: Mapping[str, frozenset[int]],
    figures: Figures,
) -> None:
    subject = library.labelled.wanted
    own, photos = classes[subject], library.showing(subject)
    clip = ask(library, f"my {own}", personalize=False)
    figures.add("'my <class>', CLIP: mAP", subject, average_precision(clip.ids, photos))
    plain = ask(library, f"my {own}")
    figures.add("'my <class>', nothing taught: mAP", subject, average_precision(plain.ids, photos))
    named = named_photos(library, subject)
    for what, given in (
        ("a stack", named),
        ("one photo", photos[:1]),
    ):
        call(library, given, NAME)
        found = average_precision(ask(library, NAME).ids, photos)
        figures.add(f"NAME of {what}: mAP", subject, found)
        if given is named and best_stack(library, subject) is not None:
            _contexts(library, own, contexts, figures)
        library.library.unteach()


def _contexts(
    library: OpenedLibrary, own: str, contexts: Mapping[str, frozenset[int]], figures: Figures
) -> None:
    subject, labelled = library.labelled.wanted, library.labelled
    for context, numbers in contexts.items():
        right = library.ids[(labelled.shows == subject) & np.isin(labelled.photo, list(numbers))]

        def first_is_right(text: str, *, personalize: bool, right: IdArray = right) -> bool:
            ids = ask(library, text, personalize=personalize).ids
            return len(ids) > 0 and ids[0] in right

        for what, text, personalize in (
            ("CLIP, '<class> on grass'", f"{own} {context}", False),
            ("nothing taught, 'my <class> on grass'", f"my {own} {context}", True),
            ("'NAME on grass'", f"{NAME} {context}", True),
        ):
            hit = first_is_right(text, personalize=personalize)
            figures.add(f"{what}: R@1", subject, hit)
        chance = len(right) / len(library.showing(subject))
        figures.add("any photo of it, by chance: R@1", subject, chance)


def _ignored(library: OpenedLibrary, own: str, figures: Figures) -> None:
    subject = library.labelled.wanted
    stack = named_photos(library, subject)
    library.library.teach(Ignore(SubjectRef(None, tuple(stack.tolist()))))
    [kept] = [each for each in library.library.learned().subjects if each.ignored]
    ids = ask(library, f"my {own}").ids
    places = np.flatnonzero(np.isin(ids, kept.photos))
    before = int((places < len(ids) - len(kept.photos)).sum())
    figures.add("ignored: photos before others in 'my <class>'", subject, before)
    library.library.unteach()


def _only_others(library: OpenedLibrary, classes: Sequence[str], figures: Figures) -> None:
    subject = library.labelled.wanted
    wanted, text = library.showing(subject), f"my {classes[subject]}"
    before = average_precision(ask(library, text).ids, wanted)
    others = [each for each in library.labelled.recurring if each != subject]
    for other, name in zip(others, _OTHER_NAMES, strict=False):
        call(library, named_photos(library, other), name)
    after = average_precision(ask(library, text).ids, wanted)
    figures.add("only others named: change of mAP of 'my <class>'", subject, after - before)
    for _ in others:
        library.library.unteach()


def _surely_own(library: OpenedLibrary, classes: Sequence[str], figures: Figures) -> None:
    """Ask for all classes, but for those of which a single photo is here."""
    labelled = library.labelled
    here = {classes[number] for number in labelled.recurring}
    shown = {classes[number] for number in np.unique(labelled.shows[labelled.shows != NOTHING])}
    for own in sorted(set(classes) - (shown - here)):
        unsure = ask(library, f"my {own}").effect in ("unsure", "same")
        what = "something of the class comes back" if own in here else "nothing does"
        figures.add(f"'my <class>' is called unsure where {what}", labelled.wanted, unsure)


def _two_of_a_class(library: OpenedLibrary, own: str, figures: Figures) -> None:
    subject, mate = library.labelled.wanted, library.labelled.mate
    wanted, text = library.showing(subject), f"my {own}"

    def add(what: str, *, personalize: bool = True) -> None:
        ids = ask(library, text, personalize=personalize).ids
        figures.add(f"two of a class, {what}: mAP", subject, average_precision(ids, wanted))

    add("CLIP", personalize=False)
    add("nothing taught")
    named = named_photos(library, subject)
    call(library, named, NAME)
    add("the wanted one named")
    library.library.unteach()
    call(library, named, NAME, own)
    add("the wanted one called so")
    library.library.unteach()
    other = named_photos(library, mate)
    call(library, other, NAME)
    add("the other one named")
    library.library.unteach()
    library.library.teach(Ignore(SubjectRef(None, tuple(other.tolist()))))
    add("the other one ignored")
    library.library.unteach()
