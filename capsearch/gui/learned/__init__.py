"""What CapSearch has learned, in the window: seen, named, corrected."""
