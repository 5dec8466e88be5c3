"""Small files to try uploads with."""

from __future__ import annotations

from itkgui.paths import resource

path = resource("itkdb")
