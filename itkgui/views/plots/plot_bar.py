"""The row above a plot: what is drawn against what, how its axes are turned, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import N_, _
from itkgui.views.plots.curves import Axes
from itkgui.views.plots.plot_saver import PlotSaver, dress_menu_button
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.picker import Picker
from itkgui.views.widgets.tool_row import ToolRow

_LONGEST = 70  # letters of a menu's entry
_ICON = 18


class Kind(Enum):
    """The ways to look at numbers."""

    CURVES = N_("Curves")
    HISTOGRAM = N_("Histogram")
    MAP = N_("Map")
    TREND = N_("Trend")


_TURNS = (
    ("log_x", N_("Logarithmic x axis"), (Kind.CURVES,)),
    ("magnitude_x", N_("Magnitude of x"), (Kind.CURVES,)),
    ("magnitude_y", N_("Magnitude of y"), (Kind.CURVES,)),
    ("inverse_square", "1 / y²", (Kind.CURVES,)),
    ("equal", N_("Equal aspect"), (Kind.MAP,)),
    ("transposed", N_("Transpose"), (Kind.MAP,)),
)


class PlotBar(QWidget):
    """Asks for another plot by signals; the pane that owns it fills the pickers."""

    kind_chosen = Signal()
    axis_chosen = Signal()
    turned = Signal()
    legend_toggled = Signal()
    pins_toggled = Signal()
    unpin_requested = Signal(object)  # the record of a pinned run, or None for all of them

    def __init__(self, saver: PlotSaver) -> None:
        super().__init__()
        self.kind, self.y_picker, self.x_picker = map(
            Picker, (_("Kind of plot"), _("What is plotted"), _("Against what"))
        )
        for box, signal in (
            (self.kind, self.kind_chosen),
            (self.y_picker, self.axis_chosen),
            (self.x_picker, self.axis_chosen),
        ):
            set_role(box, "compact")
            box.activated.connect(signal)
        self.over = QWidget()
        self.between = QLabel(_("vs"))
        beside = QHBoxLayout(self.over)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(4)
        beside.addWidget(self.between)
        beside.addWidget(self.x_picker)
        self.logarithmic = QToolButton()
        self.logarithmic.setText(_("log y"))
        self.logarithmic.setToolTip(_("Logarithmic y axis"))
        self.logarithmic.setAccessibleName(_("Logarithmic y axis"))
        self.logarithmic.setCheckable(True)
        self.logarithmic.clicked.connect(self.turned)
        set_role(self.logarithmic, "toggle")
        self.scale, self.scale_actions = self._build_scale()
        self.show_all = _icon_button("fit", _("Show all (0)"))
        self.legend_button = _icon_button("legend", _("Legend"))
        self.legend_button.setCheckable(True)
        self.legend_button.setChecked(True)
        self.legend_button.clicked.connect(self.legend_toggled)
        self.pin_button = _icon_button("pin", _("Pinned runs"))
        self.pin_menu = QMenu(self)
        dress_menu_button(self.pin_button, _("Pinned runs: hide or unpin them"), self.pin_menu)
        self.pin_button.setCheckable(True)
        self._unpinning: list[QAction] = []
        self.pins_shown = self.pin_menu.addAction(_("Show pinned runs"))
        self.pins_shown.setCheckable(True)
        self.pins_shown.setChecked(True)
        self.pins_shown.toggled.connect(self.pin_button.setChecked)
        self.pins_shown.toggled.connect(self.pins_toggled)
        set_icon(saver, "save", size=_ICON)
        set_role(saver, "compact")
        self.without_999 = QToolButton()
        self.without_999.setText(_("no −999"))
        self.without_999.setToolTip(_("Leave out −999, which often means: not found"))
        self.without_999.setAccessibleName(_("Leave out −999"))
        self.without_999.setCheckable(True)
        self.without_999.clicked.connect(self.turned)
        set_role(self.without_999, "toggle")
        self.row = ToolRow("compact")
        buttons = self.without_999, self.logarithmic, self.scale, self.show_all, self.legend_button
        for tool in (self.kind, self.y_picker, self.over, *buttons, self.pin_button, saver):
            self.row.add_widget(tool)
        self.row.offer(self.without_999, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.row)

    def _build_scale(self) -> tuple[QToolButton, dict[str, QAction]]:
        menu, actions = QMenu(self), {}
        for name, text, _kinds in _TURNS:
            action = menu.addAction(_(text))
            action.setCheckable(True)
            action.toggled.connect(self._on_turned)
            actions[name] = action
        button = QToolButton()
        dress_menu_button(button, _("Scale: how the axes are turned"), menu)
        button.setText(_("Scale ▾"))
        button.setCheckable(True)  # to be seen if something is on
        set_role(button, "toggle")
        return button, actions

    # What is offered ---------------------------------------------------------------------------------------

    def offer(self, box: Picker, items: Sequence[tuple[str, object]], chosen: object = None) -> None:
        """Fill a picker; what is ``chosen``, or else was before, stays so if it is still offered."""
        texts = [shown_text(text) for text, _ in items]
        before = [(box.itemText(row), box.itemData(row)) for row in range(box.count())]
        wanted = box.currentData() if chosen is None else chosen
        if before != [(text, data) for text, (_, data) in zip(texts, items, strict=True)]:
            box.clear()
            for row, (text, (whole, data)) in enumerate(zip(texts, items, strict=True)):
                box.addItem(text, data)
                box.setItemData(row, plain_hint(whole), Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(max(0, box.findData(wanted)))

    def offer_pins(self, pins: Sequence[tuple[str, object]]) -> None:
        """Offer to hide or unpin runs, of which each has a name and a record."""
        for action in self._unpinning:
            self.pin_menu.removeAction(action)
            action.deleteLater()
        self._unpinning = [self.pin_menu.addSeparator()] if pins else []
        several = [(_("all"), None)] if len(pins) > 1 else []
        for name, record in (*pins, *several):
            text = shown_text(_("Unpin {name}").format(name=name)).replace("&", "&&")
            text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
            self._unpinning.append(self.pin_menu.addAction(text, partial(self.unpin_requested.emit, record)))
        self.row.offer(self.pin_button, bool(pins))
        self.pin_button.setChecked(self.pins_shown.isChecked())

    def show_kind(self, kind: Kind, axes: Axes) -> None:
        """Show the buttons that a kind of plot has, and how its axes are turned."""
        if kind is not Kind.MAP:  # which of several maps may be chosen
            self.row.offer(self.over, kind is not Kind.HISTOGRAM)
        self.between.setText(_("of") if kind is Kind.MAP else _("vs"))
        self.row.offer(self.logarithmic, kind in (Kind.CURVES, Kind.TREND))
        self.row.offer(self.scale, kind in (Kind.CURVES, Kind.MAP))
        for name, _text, kinds in _TURNS:
            self.scale_actions[name].setVisible(kind in kinds)
        for name, action in self.scale_actions.items():
            if hasattr(axes, name):
                action.blockSignals(True)
                action.setChecked(getattr(axes, name))
                action.blockSignals(False)
        self._show_scale()

    def offer_without_999(self, wanted: bool) -> None:
        """Offer to leave −999 out, where there is one."""
        self.row.offer(self.without_999, wanted)

    def offer_legend(self, wanted: bool) -> None:
        """Show the button of the legend, if there is one."""
        self.row.offer(self.legend_button, wanted)

    # How the axes are turned -------------------------------------------------------------------------------

    def turned_axes(self, axes: Axes) -> Axes:
        """Return axes as the buttons say."""
        on = {name: action.isChecked() for name, action in self.scale_actions.items()}
        return replace(
            axes,
            log_x=on["log_x"],
            log_y=self.logarithmic.isChecked(),
            magnitude_x=on["magnitude_x"],
            magnitude_y=on["magnitude_y"],
            inverse_square=on["inverse_square"],
        )

    def _on_turned(self) -> None:
        self._show_scale()
        self.turned.emit()

    def _show_scale(self) -> None:
        shown = (action for action in self.scale_actions.values() if action.isVisible())
        self.scale.setChecked(any(action.isChecked() for action in shown))


def _icon_button(icon_name: str, text: str) -> QToolButton:
    button = QToolButton()
    set_icon(button, icon_name, size=_ICON)
    button.setToolTip(text)
    button.setAccessibleName(text)
    set_role(button, "compact")
    return button
