"""The window, and what joins the places in it."""
