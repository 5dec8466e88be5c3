"""Tests of the views: real widgets, real worker, real sandbox."""
