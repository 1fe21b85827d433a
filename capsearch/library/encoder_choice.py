"""Which encoder a library is searched by, and by which one its photos are encoded."""

from collections.abc import Callable

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import KnownEncoder
from capsearch.encoders.base import Encoder

_ACTIVE = "active_encoder"
_WANTED = "wanted_encoder"


def active_encoder(catalog: Catalog) -> KnownEncoder | None:
    """The encoder that the library is searched by; None while it has no vectors."""
    identity = (catalog.get_state(_ACTIVE) or b"").decode()
    return next((known for known in catalog.encoders() if known.identity == identity), None)


def wanted_encoder(catalog: Catalog) -> str | None:
    """Name of the encoder that the user chose and whose vectors are not whole yet."""
    wanted = catalog.get_state(_WANTED)
    return None if wanted is None else wanted.decode()


def want_encoder(catalog: Catalog, encoder: Encoder) -> None:
    """Have the photos encoded by this one from now on; it is searched by once all of them are."""
    active = active_encoder(catalog)
    if active is not None and active.identity == encoder.identity:
        unwant_encoder(catalog)
    else:
        catalog.set_state(_WANTED, encoder.name.encode())


def unwant_encoder(catalog: Catalog) -> None:
    """Stay with the present one."""
    catalog.set_state(_WANTED, None)


def settle_encoder(catalog: Catalog, encoder: Encoder) -> None:
    """Search by the encoder that photos are encoded by, unless it still knows fewer of them.

    An older version of the same encoder is given up at once: no question can be put to its
    vectors any more.
    """
    active = active_encoder(catalog)
    older_version = active is not None and active.name == encoder.name
    if active is not None and not older_version:
        known = catalog.count_vectors(encoder.identity)
        if known < catalog.count_vectors(active.identity):
            return
    if active is None or active.identity != encoder.identity:
        catalog.set_state(_ACTIVE, encoder.identity.encode())
    if wanted_encoder(catalog) == encoder.name:
        unwant_encoder(catalog)


def count_waiting(catalog: Catalog, wanted: str) -> tuple[int, int]:
    """How many photos the encoder of this name has yet to see before it takes over, and how many
    of those are on drives that are away."""
    active = active_encoder(catalog)
    if active is None:
        return 0, 0
    versions = [known.identity for known in catalog.encoders() if known.name == wanted]
    return catalog.count_unseen(versions[-1] if versions else "", active.identity)


class EncoderSlot:
    """Holds the one encoder that is in use, loaded when first asked for."""

    def __init__(self, load: Callable[[str], Encoder]) -> None:
        self._load = load
        self._held: Encoder | None = None
        self._name = self._active = ""

    def get(self, name: str, active: str) -> Encoder:
        """The encoder of this name. `active` is the identity of the one that the library is
        searched by: when that has become another, this name may stand for other weights now."""
        held = self._held
        named = held is not None and name in (self._name, held.name)
        if held is None or not named or active not in (self._active, held.identity):
            del held
            self._held = None  # two large models at once may be more than memory takes
            held = self._held = self._load(name)
            self._name = name
        self._active = active
        return held
