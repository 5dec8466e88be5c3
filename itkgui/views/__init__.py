"""What the user sees: Qt widgets, built in code."""
