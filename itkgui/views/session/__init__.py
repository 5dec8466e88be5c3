"""Signing in, the session's end, the lock, and whose session it is."""
