"""The object store: tokens, the door that redirects, the node that keeps the bytes."""
