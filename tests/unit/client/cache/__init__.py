"""The cache of answers: what it keeps, how long and for whom, what takes it away, what may break it."""
