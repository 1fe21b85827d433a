"""What a run's transactions did to the photos, counted for the user."""

from collections.abc import Mapping

from capsearch.catalog.records import Flow


class Tally:
    """Counts each photo once, whatever happened to it in between."""

    def __init__(self) -> None:
        self._arrived: set[int] = set()
        self._left: set[int] = set()
        self._replaced: set[tuple[int, int]] = set()

    def note(self, flipped: Mapping[int, bool]) -> None:
        """Photos (ids) became searchable (True) or ceased to be (False)."""
        for photo_id, searchable in flipped.items():
            before, now = (self._left, self._arrived)[:: 1 if searchable else -1]
            if photo_id in before:
                before.remove(photo_id)
            else:
                now.add(photo_id)

    def note_replaced(self, old: int, new: int) -> None:
        """A file that held the photo `old` holds `new` now."""
        self._replaced.add((old, new))

    def flow(self) -> Flow:
        """What it comes to."""
        edited = sum(old in self._left and new in self._arrived for old, new in self._replaced)
        return Flow(len(self._arrived) - edited, len(self._left) - edited, edited)
