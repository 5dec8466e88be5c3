"""Scanners: what they send and where it goes, and the page on which they are set up."""
