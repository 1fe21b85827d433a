"""The library's folders as a tree: nested as on the disk, with ticks and numbers of photos."""

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.dates import number_text
from capsearch.library.values import FolderCount
from capsearch.paths import lies_in
from capsearch.text import folded

Index = QModelIndex | QPersistentModelIndex

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.CheckStateRole,
    Qt.ItemDataRole.TextAlignmentRole,
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(eq=False)
class FolderNode:
    """A folder, shown as `name`; `top` is the first of a chain without a branch, whose last folder
    is `path`. It `leads` where only something inside was looked for."""

    path: str
    top: str
    name: str
    photos: int
    parent: "FolderNode | None" = None
    row: int = 0
    inner: list["FolderNode"] = field(default_factory=list)
    leads: bool = False
    found_by: str = ""

    def __post_init__(self) -> None:
        """Keep what it is found by: each letter that is typed is looked for in all of them."""
        self.found_by = folded(self.name)

    def chain(self, path: str) -> bool:
        """Whether `path` is one of the folders that this line stands for."""
        return lies_in(self.path, path) and lies_in(path, self.top)


def nest(folders: Sequence[FolderCount]) -> list[FolderNode]:
    """The outermost of `folders`, which come each before those inside of it; a folder that holds
    nothing but one other is one line with it."""
    outer: list[FolderNode] = []
    open_nodes: list[FolderNode] = []
    for each in folders:
        while open_nodes and not lies_in(each.path, open_nodes[-1].path):
            open_nodes.pop()
        parent = open_nodes[-1] if open_nodes else None
        name = readable(Path(each.path).name or each.path)
        node = FolderNode(each.path, each.path, name, each.photos, parent)
        (outer if parent is None else parent.inner).append(node)
        open_nodes.append(node)
    made = [_shortened(node) for node in outer]
    _number(made, None)
    _tell_apart(made)
    return made


def _shortened(node: FolderNode) -> FolderNode:
    """With chains as one line, here and below."""
    while len(node.inner) == 1 and node.inner[0].photos == node.photos:
        (only,) = node.inner
        name = f"{node.name}{os.sep}{only.name}"
        node = FolderNode(only.path, node.top, name, node.photos, inner=only.inner)
    node.inner = [_shortened(inner) for inner in node.inner]
    return node


def _number(nodes: Sequence[FolderNode], parent: FolderNode | None) -> None:
    for row, node in enumerate(nodes):
        node.row, node.parent = row, parent
        _number(node.inner, node)


def _tell_apart(nodes: Sequence[FolderNode]) -> None:
    """Outermost folders of the same name are shown with their whole path."""
    names = [node.name for node in nodes]
    for node in nodes:
        if names.count(node.name) > 1:
            node.name = readable(node.path)
            node.found_by = folded(node.name)


def _with_words(nodes: Sequence[FolderNode], words: str) -> list[FolderNode]:
    """Copies of those that have the words in their name, or one inside that has."""
    found = []
    for node in nodes:
        if words in node.found_by:
            found.append(replace(node))
        elif inner := _with_words(node.inner, words):
            found.append(replace(node, inner=inner, leads=True))
    return found


def _others(nodes: Sequence[FolderNode], path: str, holding: str) -> list[str]:
    """All in the folder `holding` but what is in `path`, as folders. Photos that lie beside them
    are left out too, for no folder means them alone."""
    found: list[str] = []
    for node in nodes:
        if node.path != path and lies_in(path, node.path):
            found += _others(node.inner, path, holding)
        elif node.path != path and lies_in(node.path, holding):
            found.append(node.path)
    return found


class FolderModel(QAbstractItemModel):
    """Two columns, name and number of photos. What is ticked means all below it; that has a tick
    too, and what holds something ticked half of one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._every: list[FolderNode] = []
        self._outer: list[FolderNode] = []
        self._ticked: tuple[str, ...] = ()

    def show_folders(self, folders: Sequence[FolderCount], ticked: Collection[str]) -> None:
        """Show these, each before those inside of it."""
        self.beginResetModel()
        self._every = self._outer = nest(folders)
        self._ticked = tuple(ticked)
        self.endResetModel()

    def look_for(self, typed: str) -> None:
        """Leave only folders with this in their name, in whatever case and with or without accents,
        what they lie in, and all inside of them; nothing typed leaves all."""
        # By itself: Qt's model for this asks this one about all, and again about all they lie in.
        words = folded(typed)
        self.beginResetModel()
        self._outer = _with_words(self._every, words) if words else self._every
        _number(self._outer, None)
        self.endResetModel()

    @property
    def ticked(self) -> tuple[str, ...]:
        """The folders that are asked for."""
        return self._ticked

    def toggle(self, index: Index) -> None:
        """Ask for a folder, or no longer; what lies in it is no longer asked for by itself, and of
        a folder that was asked for the others stay."""
        node = self.node(index)
        if node is None:
            return
        holding = next((path for path in self._ticked if lies_in(node.path, path)), None)
        rest = [path for path in self._ticked if not lies_in(path, node.top)]
        if holding is None:
            rest.append(node.path)
        else:
            rest = [path for path in rest if path != holding]
            if not node.chain(holding):
                rest += _others(self._every, node.path, holding)
        self._ticked = tuple(rest)
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._outer) - 1, 0))

    def node(self, index: Index) -> FolderNode | None:
        """The folder of a line."""
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, FolderNode) else None

    def place_of(self, node: FolderNode) -> QModelIndex:
        """The line of a folder."""
        return self.createIndex(node.row, 0, node)

    @property
    def outer(self) -> list[FolderNode]:
        """The outermost folders."""
        return self._outer

    def holds_ticked(self, node: FolderNode) -> bool:
        """Whether something inside is asked for."""
        return any(lies_in(path, node.path) and path != node.path for path in self._ticked)

    # What Qt asks of a model

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The place of a line."""
        nodes = self._inner(parent)
        if not (0 <= row < len(nodes) and 0 <= column < 2):
            return QModelIndex()
        return self.createIndex(row, column, nodes[row])

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        """The folder around a folder."""
        node = self.node(index)
        if node is None or node.parent is None:
            return QModelIndex()
        return self.place_of(node.parent)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """How many folders are in one."""
        return len(self._inner(parent))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """Name and number."""
        return 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every folder can be chosen."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.NoItemFlags
        return flag.ItemIsEnabled | flag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The folder's name, number, tick, whole path, and the words that it is found by."""
        node = self.node(index)
        if node is None or role not in _ROLES:
            return None
        first = index.column() == 0
        match role:
            case Qt.ItemDataRole.DisplayRole:
                said: object = node.name if first else number_text(node.photos)
            case Qt.ItemDataRole.ToolTipRole:
                said = readable(node.path)
            case Qt.ItemDataRole.CheckStateRole:
                said = self._tick(node) if first else None
            case _:
                said = None if first else _RIGHT
        return said

    def _inner(self, parent: Index) -> list[FolderNode]:
        node = self.node(parent)
        if node is None:
            return self._outer
        return node.inner if parent.column() == 0 else []

    def _tick(self, node: FolderNode) -> Qt.CheckState:
        if any(lies_in(node.path, path) for path in self._ticked):
            return Qt.CheckState.Checked
        partly = self.holds_ticked(node)
        return Qt.CheckState.PartiallyChecked if partly else Qt.CheckState.Unchecked
