"""itkgui: a desktop program for the ATLAS ITk Production Database, and the client core it stands on."""

__version__ = "0.1.0"
