"""Shows components that no sandbox has: whatever the server's JSON may hold."""

from __future__ import annotations

from typing import Any

from itkgui.records.component import Component
from itkgui.views.components.component_view import ComponentView
from tests.gui.person import Person

MARKUP = "<h1>big</h1><img src='x'> \u202egnp.exe\u202c & <b>bold</b>"


def show_record(person: Person, **raw: Any) -> ComponentView:
    """Open a page for a component as JSON tells it, and wait until all its tabs are made and loaded."""
    context, style = person.workspace._context, person.program.style
    view = ComponentView(context, style, Component.from_json(raw))
    view.component_requested.connect(person.workspace.look_up)
    person.workspace.side_by_side.add(view)
    view.complete()
    person.workspace.side_by_side.show_view(view)
    person.workspace.go_to(person.workspace.side_by_side)
    person.until(lambda: view.is_complete, "the tabs")
    person.until(lambda: not view.overview.due_pane.is_loading, "what is due")
    return view
