"""Parts that pages are made of, whatever they show."""
