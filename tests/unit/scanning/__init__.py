"""Tests of what scanners send."""
