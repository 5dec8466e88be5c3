"""Tests of itkgui/client."""
