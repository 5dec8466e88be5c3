"""The sample data: everything that follows from the seed, before anybody writes."""
