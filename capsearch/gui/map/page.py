"""The page with the map of places."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.look.buttons import IconButton
from capsearch.gui.look.top_bar import top_bar
from capsearch.gui.look.translation import in_german
from capsearch.gui.map.canvas import MapCanvas
from capsearch.gui.map.lands import LandTiles
from capsearch.gui.panels.notice_bar import EmptyPage
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import MapCluster, MapView, PhotoFacts, PhotoMap
from capsearch.service.operations import ReadFacts, ReadMap


class MapPage(QWidget):
    """`closed` when one goes back; `area_wanted` carries what to type to find the photos of a
    cluster."""

    closed = Signal()
    area_wanted = Signal(str)

    def __init__(
        self, bridge: Bridge, thumbnails: ThumbnailStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._bridge, self._thumbnails = bridge, thumbnails
        self._facts: dict[int, PhotoFacts] = {}
        self._asked: set[int] = set()
        self._bounds: MapView | None = None
        self._stacked = True
        self.canvas = MapCanvas(LandTiles(bridge, self), self._picture, self.words_of)
        self.canvas.view_changed.connect(self._ask)
        self.canvas.chosen.connect(self._choose)
        self.canvas.left.connect(self.closed)
        thumbnails.ready.connect(lambda _: self.canvas.update())
        self.empty = EmptyPage()
        self.empty.say(
            "pin",
            self.tr("None of your photos says where it was taken"),
            self.tr("Photos of phones and of cameras with GPS do, where that is switched on."),
            "",
        )
        self._build()

    def open(self, *, stacked: bool) -> None:
        """Show all photos that have a position."""
        self._stacked = stacked
        self._bounds = None
        self._facts.clear()
        self._asked.clear()
        self._stack.setCurrentWidget(self.canvas)
        self.canvas.show_clusters(())
        self.canvas.setFocus()
        self._ask(self.canvas.view)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc goes back, also where there is no map."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @property
    def is_empty(self) -> bool:
        """Whether no photo has a position."""
        return self._stack.currentWidget() is self.empty

    def words_of(self, cluster: MapCluster) -> str:
        """The place of a cluster by name, and how many photos it has."""
        photos = self.tr("%n photo(s)", "", cluster.photos)
        name = self._name_of(cluster)
        return f"{name}\n{photos}" if name else photos

    def refresh(self) -> None:
        """Read anew what has changed, while the page is seen."""
        if self.isVisible():
            self._ask(self.canvas.view)

    def _ask(self, view: MapView) -> None:
        self._bridge.ask(ReadMap(view, self._stacked), then=self._show, key="map")

    def _show(self, found: PhotoMap) -> None:
        self._stack.setCurrentWidget(self.canvas if found.placed else self.empty)
        if not found.placed:
            self.setFocus()
        self._title.setText(self.tr("%n photo(s) with a place", "", found.placed))
        if self._bounds is None and found.bounds is not None:
            self._bounds = found.bounds
            self.canvas.fit(found.bounds)  # asks again
            return
        self.canvas.show_clusters(found.clusters)
        wanted = [each.photo for each in found.clusters if each.photo not in self._asked]
        if wanted:
            self._asked.update(wanted)
            self._bridge.ask(ReadFacts(tuple(wanted)), then=self._take_facts)

    def _take_facts(self, facts: tuple[PhotoFacts, ...]) -> None:
        self._facts.update({known.id: known for known in facts})
        self.canvas.update()

    def _picture(self, photo: int) -> QPixmap | None:
        facts = self._facts.get(photo)
        return None if facts is None else self._thumbnails.get(facts)

    def _name_of(self, cluster: MapCluster) -> str:
        facts = self._facts.get(cluster.photo)
        if facts is None or facts.place is None:
            return ""
        place = facts.place
        names = (
            (place.german_city or place.german_region, place.german_country)
            if in_german()
            else (place.city or place.region, place.country)
        )
        return ", ".join(dict.fromkeys(name for name in names if name))

    def _choose(self, cluster: MapCluster) -> None:
        name = self._name_of(cluster).replace('"', "")
        self.area_wanted.emit(f'area:"{cluster.area} {name}"' if name else f"area:{cluster.area}")

    def _fit(self) -> None:
        if self._bounds is not None:
            self.canvas.fit(self._bounds)

    def _build(self) -> None:
        back = IconButton("back", self.tr("Back to the photos"), shortcut="Esc")
        zoom_in = IconButton("zoom-in", self.tr("Zoom in"), shortcut="+")
        zoom_out = IconButton("zoom-out", self.tr("Zoom out"), shortcut="-")
        fit = IconButton("fit", self.tr("Show all places"))
        back.clicked.connect(self.closed)
        zoom_in.clicked.connect(lambda: self.canvas.zoom_by(1))
        zoom_out.clicked.connect(lambda: self.canvas.zoom_by(-1))
        fit.clicked.connect(self._fit)
        self._title = QLabel()
        self._title.setObjectName("section")
        bar, top = top_bar()
        top.addWidget(back)
        top.addWidget(self._title)
        top.addStretch()
        for button in (zoom_out, zoom_in, fit):
            top.addWidget(button)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self._stack, 1)
