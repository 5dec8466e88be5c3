"""What the database gives, as objects: fetched files, components, institutions."""

from itkgui.itkdb.models import institution
from itkgui.itkdb.models.file import BinaryFile, ImageFile, TextFile, ZipFile

__all__ = ["BinaryFile", "ImageFile", "TextFile", "ZipFile", "institution"]
