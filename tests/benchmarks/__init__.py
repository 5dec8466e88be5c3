"""What takes too long for a test: loads, and figures that depend on the machine."""
