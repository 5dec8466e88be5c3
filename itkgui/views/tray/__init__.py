"""Many components at once."""
