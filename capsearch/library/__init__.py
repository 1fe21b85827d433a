"""One library: the facade that the commands, the window and the tests use, and its values."""
