"""One previewer per kind of file, picked by content."""
