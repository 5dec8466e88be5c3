"""The commands of the production database, one module for each section of its API."""
