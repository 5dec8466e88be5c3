"""Threads behind asyncio: what the views await; no Qt."""
