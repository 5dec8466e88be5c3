"""The test runs of a component, and the one that is looked at."""
