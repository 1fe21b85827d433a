"""One window for each library: a second start raises the first one's."""

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

_CONNECT_MS = 800
_ANSWER_MS = 3000
_ANSWER = b"raised"


class SingleInstance(QObject):
    """Known to other starts of this user by the library's path."""

    def __init__(self, library: Path) -> None:
        super().__init__()
        digest = hashlib.blake2b(os.fsencode(library), digest_size=8).hexdigest()
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
        self._name = f"capsearch-{user}-{digest}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._window: QWidget | None = None

    def raised_other(self) -> bool:
        """Ask the window that shows this library, if there is one, to come to the front; False
        where none answers. A program that hangs, or is ending, can still be connected to."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_MS):
            return False
        answered = socket.waitForReadyRead(_ANSWER_MS)
        socket.abort()
        return answered

    def listen(self, window: QWidget) -> None:
        """Come to the front whenever the program is started again."""
        self._window = window
        # Nobody answered, so what is left there is of a run that was killed.
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        self._server.newConnection.connect(self._come_to_front)

    def close(self) -> None:
        """Let others start."""
        self._server.close()

    def _come_to_front(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(_ANSWER)
            socket.flush()
        if self._window is not None:
            self._window.setWindowState(
                self._window.windowState() & ~self._window.windowState().WindowMinimized
            )
            self._window.show()
            self._window.raise_()
            self._window.activateWindow()
