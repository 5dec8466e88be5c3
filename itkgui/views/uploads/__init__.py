"""What becomes of files that were sent."""
