"""Tests of the background worker and the upload runner."""
