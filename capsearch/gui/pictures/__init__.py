"""Pictures for the grid and the preview, loaded beside the window's thread."""
