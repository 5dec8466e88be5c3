"""Turns what the sandbox knows into the JSON of the production database."""
