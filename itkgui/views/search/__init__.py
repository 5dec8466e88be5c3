"""The search by filters."""
