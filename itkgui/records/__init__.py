"""What the database holds, as frozen dataclasses built from its JSON; no I/O."""
