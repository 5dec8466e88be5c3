"""The real itkdb package and ours against the sandbox, which knows nothing of them."""
