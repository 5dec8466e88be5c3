"""The tests of itkgui."""
