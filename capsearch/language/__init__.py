"""From what a person types to what is asked: dates, names, kinds, exclusions, and what is left
for the encoder. Knows no database and no network."""
