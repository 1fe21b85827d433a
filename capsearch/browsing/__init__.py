"""What a person looking through a library asks for: by date, by words, by likeness, by filter."""
