"""Episodes and training of the CAP network: `capsearch train cap`."""
