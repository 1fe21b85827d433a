"""Episodes, training and evaluation of the CAP network; the only part that needs torch."""
