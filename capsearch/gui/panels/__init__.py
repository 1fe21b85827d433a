"""The parts of the window around the photos: bars, pages, dialogs."""
