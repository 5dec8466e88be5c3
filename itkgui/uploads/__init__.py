"""Files and results on their way to the servers: a queue that survives, and is done only when read back."""
