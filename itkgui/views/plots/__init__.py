"""Plots: the only modules that import pyqtgraph."""
