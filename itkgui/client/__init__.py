"""HTTP core for the ITk Production Database, its identity provider and EOS; no Qt, usable from any script."""
