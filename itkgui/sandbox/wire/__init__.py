"""How the servers speak HTTP: connections, bodies, forms, faults."""
