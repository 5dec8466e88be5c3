"""Tests of itkgui/settings."""
