"""The shipments of an institute, and the page of one."""
