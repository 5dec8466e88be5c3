"""What was written since the sandbox was filled, laid over the sample data and kept on the disk."""
