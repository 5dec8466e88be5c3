"""What a setting is changed with: one field for each kind of value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from itkgui.language import _
from itkgui.log import redact
from itkgui.settings.declaring import Setting
from itkgui.settings.kinds import CertificateFile, Choice, Number, Place, Switch, Whole
from itkgui.views.style import set_room
from itkgui.views.widgets.save_dialog import OpenDialog

_WIDE, _NUMBER, _NARROW = 44, 25, 18  # characters
_BESIDE = 5  # characters, for the arrow of a box and around its text
_INDENT = 7  # pixels; a style sheet cannot give them to this box


class SettingField(QWidget):
    """Emits what a person chooses, or what is wrong with it; shows what it is told."""

    chosen = Signal(object)  # value
    refused = Signal(str)

    def __init__(self, setting: Setting, inner: QWidget, width: int = _NARROW) -> None:
        super().__init__()
        self.setting, self.inner = setting, inner
        inner.setAccessibleName(_(setting.title))
        inner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else the wheel would change what it passes over
        set_room(inner, least=(min(width, _NUMBER), 0), most=(width, 0))
        self.setFocusProxy(inner)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.addWidget(inner, 1)
        self.row.addStretch(0)

    def show_value(self, value: Any) -> None:
        """Show another value."""
        raise NotImplementedError


def field_for(setting: Setting) -> SettingField:
    """Return a field for a setting, by its kind."""
    kind = setting.kind
    if isinstance(kind, Choice):
        return _ChoiceField(setting, kind)
    if isinstance(kind, Switch):
        return _SwitchField(setting)
    if isinstance(kind, Number | Whole):
        return _NumberField(setting, kind)
    return _PlaceField(setting) if isinstance(kind, Place) else _TextField(setting)


def unit_of(setting: Setting) -> str:
    """Return the unit of a number, in the language in use; nothing if it has none."""
    unit = setting.kind.unit
    return _(unit) if unit else ""


class _Combo(QComboBox):
    """A box that the wheel leaves alone unless it has the keys."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _ChoiceField(SettingField):
    """One of a few."""

    def __init__(self, setting: Setting, kind: Choice[Any]) -> None:
        self._box = _Combo()
        titles = {value: _(title) for value, title in kind.titles.items()}
        super().__init__(setting, self._box, max(_NARROW, _BESIDE + max(map(len, titles.values()))))
        for value, title in titles.items():
            self._box.addItem(title, value)
        self._box.activated.connect(lambda index: self.chosen.emit(self._box.itemData(index)))

    def show_value(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class _SwitchField(SettingField):
    """On or off."""

    def __init__(self, setting: Setting) -> None:
        self._box = QCheckBox(_("on"))
        super().__init__(setting, self._box)
        self._box.clicked.connect(lambda is_on: self.chosen.emit(is_on))

    def show_value(self, value: Any) -> None:
        self._box.setChecked(value)


class _Spin(QSpinBox):
    """A box for whole numbers that the wheel leaves alone unless it has the keys."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _DoubleSpin(QDoubleSpinBox):
    """The same for any number; it shows no more decimals than there are."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 12)


class _NumberField(SettingField):
    """A number within its limits, with its unit."""

    def __init__(self, setting: Setting, kind: Number | Whole) -> None:
        self._box: _Spin | _DoubleSpin
        if isinstance(kind, Whole):
            self._box = _Spin()
            self._box.setRange(kind.least, kind.most)
            self._box.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        else:
            self._box = _DoubleSpin()
            self._box.setDecimals(3)
            self._box.setRange(kind.least, kind.most)
        self._box.setGroupSeparatorShown(True)
        self._box.setSuffix(f" {unit_of(setting)}" if kind.unit else "")
        self._box.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
        self._box.setKeyboardTracking(False)  # half a number is none
        super().__init__(setting, self._box, _NUMBER)
        self._box.valueChanged.connect(self.chosen.emit)

    def show_value(self, value: Any) -> None:
        self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(False)


class _TextField(SettingField):
    """Whatever is written in a line; what cannot be used stays there to be mended."""

    def __init__(self, setting: Setting) -> None:
        self.line = QLineEdit()
        super().__init__(setting, self.line, _WIDE)
        self._shown = ""
        self.line.editingFinished.connect(self.take)

    def show_value(self, value: Any) -> None:
        self._shown = redact(self.setting.kind.words(value))  # a proxy's password
        self.line.setText(self._shown)
        self.line.setCursorPosition(0)

    def take(self) -> None:
        """Choose what is written."""
        text = self.line.text()
        if text == self._shown:
            self.refused.emit("")
            return
        try:
            value = self.setting.kind.of_text(text)
        except ValueError as error:
            self.refused.emit(str(error))
        else:
            self.chosen.emit(value)


class _PlaceField(_TextField):
    """A path, written or looked for."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.line.setPlaceholderText(_("none chosen"))
        self.look_button = QPushButton(_("Choose…"))
        self.look_button.setAccessibleName(_("Choose: {setting}").format(setting=_(setting.title)))
        self.look_button.clicked.connect(self._look)
        self.row.insertWidget(1, self.look_button)

    def _look(self) -> None:
        dialog = OpenDialog(self, _(self.setting.title))
        is_file = isinstance(self.setting.kind, CertificateFile)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile if is_file else QFileDialog.FileMode.Directory)
        if self.line.text():
            dialog.setDirectory(str(Path(self.line.text()).parent))
        dialog.fileSelected.connect(self._take_chosen)
        dialog.open()

    def _take_chosen(self, path: str) -> None:
        self.line.setText(path)
        self.take()
