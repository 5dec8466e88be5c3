"""The queue without a window: the same engine, files and lock, for a terminal and for scripts."""
