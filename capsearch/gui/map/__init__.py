"""The map of places: lands and photos, drawn from what is on this machine alone."""
