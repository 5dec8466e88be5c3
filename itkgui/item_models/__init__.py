"""Qt item models: records as rows, without a widget."""
