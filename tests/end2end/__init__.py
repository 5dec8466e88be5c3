"""Tests of the whole program against the sandbox's process."""
