"""The real itkdb package against the sandbox, which knows nothing of it."""
