"""A bar that fills while a model comes."""

from PySide6.QtWidgets import QProgressBar, QWidget

from capsearch.transfer import DownloadProgress

_STEPS = 1000


class ModelBar(QProgressBar):
    """Without words; its `name` is for who cannot see it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def show_progress(self, progress: DownloadProgress | None) -> None:
        """Show how far it is; nobody knows while there is none."""
        known = progress is not None and progress.total_bytes > 0
        self.setRange(0, _STEPS if known else 0)
        if known and progress is not None:
            done = progress.done_bytes / progress.total_bytes
            self.setValue(round(_STEPS * min(1.0, done)))
