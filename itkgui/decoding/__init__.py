"""Reads files of any kind in processes of their own, which a bad file may break without harm. No widget."""
