"""The filters of the search: what can be chosen comes from the server, and depends on what is chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from itkgui.client.queries import ComponentQuery
from itkgui.language import N_, _
from itkgui.records.component_type import ComponentType, PropertyDefinition
from itkgui.records.identifier_list import LONGEST
from itkgui.records.people import Reference
from itkgui.records.serial_number import without_invisible
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.search.search_request import SearchRequest
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.widgets.choice_box import ChoiceBox

_COLUMNS = 5
_COLUMN = 13  # characters that each needs; where there is no room for five there are fewer
_STATES = (
    Reference("ready", N_("in use")),
    Reference("requestedToDelete", N_("to be deleted")),
    Reference("deleted", N_("deleted")),
)
_TRUTH = (Reference("true", N_("yes")), Reference("false", N_("no")))
_TYPING_PAUSE_MS = 400


class SearchFilters(QWidget):
    """Boxes for each filter, with ``request`` for what they say together.

    ``failed`` tells that a list of choices did not come; ``load`` asks again for what is missing.
    """

    changed = Signal()  # what they say together, a moment after the last key
    submitted = Signal()  # Enter in a field
    failed = Signal(object)  # ItkError

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._types: dict[str, ComponentType] = {}
        self._types_of = ""  # the project whose types are offered
        self._pending: ComponentQuery | None = None  # asked for, but its property cannot be shown yet
        self.has_places = False
        self._is_value_chosen = True  # from a list; else it is typed
        self._load_task = ViewTask(self, self.failed.emit)
        self._types_task = ViewTask(self, self.failed.emit)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(0)
        self._pause.timeout.connect(self.changed)

    def _build(self) -> None:
        self.project, self.state = ChoiceBox(_("Project")), ChoiceBox(_("State"))
        self.component_type = ChoiceBox(_("Component type"), typing=True)
        self.type, self.stage = ChoiceBox(_("Type"), typing=True), ChoiceBox(_("Current stage"), typing=True)
        self.owner, self.location = ChoiceBox(_("Owner"), typing=True), ChoiceBox(_("Location"), typing=True)
        self.property_choice = ChoiceBox(_("Property"), typing=True)
        self.value_choice, self.value_text = ChoiceBox(_("Value of the property"), typing=True), QLineEdit()
        self.value_text.setAccessibleName(_("Value of the property"))
        self.identifier = QLineEdit()
        self.identifier.setAccessibleName(_("Serial number or name"))
        self.identifier.setPlaceholderText(_("whole, not a part of it"))
        self.identifier.setMaxLength(5 * LONGEST)  # what is cut off unseen would be searched for
        self.identifier.setClearButtonEnabled(True)
        self.state.fill(_translated(_STATES))
        self.state.choose("ready")
        cells: tuple[tuple[str, ChoiceBox | QLineEdit], ...] = (
            (_("Project"), self.project),
            (_("Component type"), self.component_type),
            (_("Type"), self.type),
            (_("Current stage"), self.stage),
            (_("Number or name"), self.identifier),
            (_("Owner"), self.owner),
            (_("Location"), self.location),
            (_("State"), self.state),
            (_("Property"), self.property_choice),
            (_("Value"), self.value_choice),
        )
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._cells: list[tuple[QLabel, QWidget]] = []
        for text, box in cells:
            label = QLabel(text)
            set_role(label, "quiet")
            label.setBuddy(box)
            self._cells.append((label, box))
        self._columns = 0
        self._arrange(_COLUMNS)
        arrange_by_text(self)
        for box in self._boxes:
            box.currentIndexChanged.connect(self._tell_soon)
        for field in (self.identifier, self.value_text):
            field.textChanged.connect(self._tell_after_typing)
            field.returnPressed.connect(self.submitted)
        self.project.currentIndexChanged.connect(self._on_project_changed)
        self.component_type.currentIndexChanged.connect(self._on_component_type_changed)
        self.property_choice.currentIndexChanged.connect(self._on_property_changed)
        self._on_property_changed()

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        row = column = 0
        for place, (label, box) in enumerate(self._cells):
            row, column = divmod(place, columns)
            self._grid.addWidget(label, 2 * row, column)
            self._grid.addWidget(box, 2 * row + 1, column)
        self._grid.addWidget(self.value_text, 2 * row + 1, column)  # in the place of the choice
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))

    def minimumSizeHint(self) -> QSize:
        """Return the room for one column: there are as many as fit."""
        return QSize(self.project.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fitting = event.size().width() // (_COLUMN * self.fontMetrics().averageCharWidth())
        self._arrange(min(_COLUMNS, max(1, fitting)))

    @property
    def _boxes(self) -> tuple[ChoiceBox, ...]:
        return (
            self.project,
            self.component_type,
            self.type,
            self.stage,
            self.owner,
            self.location,
            self.state,
            self.property_choice,
            self.value_choice,
        )

    # What they say -----------------------------------------------------------------------------------------

    @property
    def request(self) -> SearchRequest:
        """What is searched for; a property without a value does not restrict."""
        query = ComponentQuery(
            project=self.project.code,
            component_type=self.component_type.code,
            type=self.type.code,
            stage=self.stage.code,
            institution=self.owner.code,
            location=self.location.code,
            state=self.state.code,
        )
        definition, value = self._definition, self._value
        if self._pending is not None:
            code, value = self._pending.property_code, self._pending.property_value
            query = replace(query, property_code=code, property_value=value)
        elif definition is not None and value != "":
            query = replace(query, property_code=definition.code, property_value=value)
        return SearchRequest(query, without_invisible(self.identifier.text()).strip())

    @property
    def _definition(self) -> PropertyDefinition | None:
        kind = self._types.get(self.component_type.code)
        properties = kind.properties if kind else ()
        return next((found for found in properties if found.code == self.property_choice.code), None)

    @property
    def _value(self) -> str | float | bool:
        definition = self._definition
        if definition is None:
            return ""
        if self._is_value_chosen:
            code = self.value_choice.code
            return code == "true" if definition.data_type == "boolean" and code else code
        return _number(self.value_text.text().strip(), definition.data_type)

    def show_request(self, request: SearchRequest) -> None:
        """Choose what a request says; what depends on lists not loaded yet is chosen when they are here."""
        filters = request.filters
        self.identifier.setText(request.identifier)
        for box, code in (
            (self.owner, filters.institution),
            (self.location, filters.location),
            (self.state, filters.state),
        ):
            box.choose(code)
        with QSignalBlocker(self.project):  # the types of the project are loaded here
            self.project.choose(filters.project)
        self._forget_types()
        self._choose_of_type(filters)  # as bare codes, so that the search can be told at once
        self._types_task.cancel()
        if filters.project:
            self._pending = filters
            self._types_task.start(self._load_and_choose(filters))
        self._tell_soon()  # of the boxes, not all tell by themselves

    async def _load_and_choose(self, filters: ComponentQuery) -> None:
        await self._load_types(filters.project)
        self._choose_of_type(filters)

    def _choose_of_type(self, filters: ComponentQuery) -> None:
        self.component_type.choose(filters.component_type)
        self._on_component_type_changed()
        self.type.choose(filters.type)
        self.stage.choose(filters.stage)
        definition_known = self.property_choice.findData(filters.property_code) >= 0
        self.property_choice.choose(filters.property_code if definition_known else "")
        value = filters.property_value
        if self._is_value_chosen:
            self.value_choice.choose(str(value).lower() if isinstance(value, bool) else str(value))
        else:
            self.value_text.setText(str(value))

    def clear(self) -> None:
        """Restrict nothing, but to components in use."""
        self.show_request(SearchRequest())

    # What can be chosen ------------------------------------------------------------------------------------

    def load(self) -> None:
        """Ask for the choices that are not here yet, for instance because the network was away."""
        if not self.has_places:
            self._load_task.start(self._load_places())
        if self.project.code != self._types_of:
            self._types_task.start(self._load_types(self.project.code))

    async def _load_places(self) -> None:
        database, worker = self._context.database, self._context.worker
        calls = worker.call(database.projects), worker.call(database.institutions)
        projects, institutions = await asyncio.gather(*calls)
        offered: tuple[tuple[ChoiceBox, list[Reference]], ...] = (
            (self.project, [project.reference for project in projects]),
            (self.owner, list(institutions)),
            (self.location, list(institutions)),
        )
        for box, choices in offered:
            chosen = box.code
            box.fill(choices, by_code=box is not self.project)
            with QSignalBlocker(box):
                box.choose(chosen)
        self.has_places = True
        self._tell_soon()

    async def _load_types(self, project: str) -> None:
        found = await self._context.worker.call(self._context.database.component_types, project)
        self._types_of = project
        self._types = {kind.reference.code: kind for kind in found}
        self._pending = None
        self.component_type.fill(kind.reference for kind in found)
        self._on_component_type_changed()

    def _forget_types(self) -> None:
        self._pending = None
        self._types, self._types_of = {}, ""
        self.component_type.fill(())
        self._on_component_type_changed()

    def _on_project_changed(self) -> None:
        self._forget_types()
        if self.project.code:
            self._types_task.start(self._load_types(self.project.code))
        else:
            self._types_task.cancel()

    def _on_component_type_changed(self) -> None:
        kind = self._types.get(self.component_type.code)
        self.type.fill(kind.types if kind else ())
        self.stage.fill(kind.stages if kind else ())
        properties = kind.properties if kind else ()
        self.property_choice.fill(Reference(found.code, found.label) for found in properties)
        self._on_property_changed()

    def _on_property_changed(self) -> None:
        definition = self._definition
        choices = definition.choices if definition else ()
        if definition is not None and definition.data_type == "boolean":
            choices = _translated(_TRUTH)
        self._is_value_chosen = bool(choices) or definition is None
        self.value_choice.fill(choices)
        self.value_text.clear()
        hints = {"integer": _("a whole number"), "float": _("a number")}
        data_type = definition.data_type if definition else ""
        self.value_text.setPlaceholderText(hints.get(data_type, _("the whole value")))
        self.value_choice.setVisible(self._is_value_chosen)
        self.value_text.setVisible(not self._is_value_chosen)

    # Telling -----------------------------------------------------------------------------------------------

    def _tell_soon(self) -> None:
        self._pause.start(0)

    def _tell_after_typing(self) -> None:
        self._pause.start(_TYPING_PAUSE_MS)


def _translated(choices: Sequence[Reference]) -> tuple[Reference, ...]:
    return tuple(replace(choice, name=_(choice.name)) for choice in choices)


def _number(written: str, data_type: str) -> str | float:
    """Return a value as the server keeps it: a number where one is meant and written, else the text."""
    try:
        if data_type == "integer":
            return int(written)
        if data_type == "float":
            return float(written)
    except ValueError:
        return written
    return written
