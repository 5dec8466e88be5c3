"""A local ITk Production Database, identity provider and EOS over real HTTP, for practice and for tests."""
