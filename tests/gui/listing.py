"""The list of attachments of a component, and what it tells, for the tests of it."""

from __future__ import annotations

from itkgui.item_models.attachment_table import SIZE
from itkgui.views.components.component_view import ATTACHMENTS
from tests.gui.person import Person

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"


def see_list(person: Person, serial: str = PIXEL) -> None:
    person.scan(serial)
    person.show_tab(ATTACHMENTS)


def known(person: Person, name: str) -> str:
    """Return the size that the list tells of a file."""
    table = person.component.attachments.table
    return str(table.index(table.row_where(lambda a: a.display_name == name), SIZE).data())
