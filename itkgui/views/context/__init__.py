"""What the views of a session share: the worker's answers, what is kept, known and told."""
