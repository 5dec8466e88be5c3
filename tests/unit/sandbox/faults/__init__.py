"""Faults of the sandbox on demand, as often and as far as it was told, and its log of what it was asked."""
