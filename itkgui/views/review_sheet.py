"""Between the drop and the upload: each file with its title, its destination and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.eos import choose_storage
from itkgui.client.exceptions import FileProblem, ItkError
from itkgui.client.files import LocalFile, inspect
from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.records.attachment import Owner, Storage
from itkgui.records.component import Component
from itkgui.records.shipment import Shipment
from itkgui.records.sizes import size_text
from itkgui.records.test_run import TestRun
from itkgui.uploads.upload import Upload, UploadKind
from itkgui.views.style import set_icon, set_role
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

_THUMBNAIL = 40


@dataclass(frozen=True)
class Examined:
    """A dropped file after a look at it: usable, or with the problem that stops it."""

    path: Path
    file: LocalFile | None
    problem: FileProblem | None
    thumbnail: QImage


def examine(path: Path) -> Examined:
    """Look at a dropped file; runs on the worker."""
    try:
        file = inspect(path)
    except FileProblem as problem:
        return Examined(path, None, problem, QImage())
    thumbnail = QImage()
    if file.media_type.startswith("image/"):
        reader = QImageReader(str(path))
        reader.setDecideFormatFromContent(True)
        reader.setAutoTransform(True)
        reader.setScaledSize(
            reader.size().scaled(2 * _THUMBNAIL, 2 * _THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio)
        )
        thumbnail = reader.read()
    return Examined(path, file, None, thumbnail)


class ReviewSheet(QWidget):
    """Shows what would be sent where; nothing leaves before Send. What it is for never changes."""

    sent = Signal()  # the queue has the files
    closed = Signal()

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._rows: list[_FileRow] = []
        self._known: set[Path] = set()
        self._task = ViewTask(self, self._on_failed)
        set_role(self, "page")
        self.heading = QLabel()
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.heading, "title")
        self.target = QComboBox()
        self.target.setAccessibleName("Attach to")
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.target.setMinimumContentsLength(44)
        self.target.setPlaceholderText("Choose where these files go")
        self.target.currentIndexChanged.connect(self._show_status)
        target_label = QLabel("Attach to")
        target_label.setBuddy(self.target)
        self.status = QLabel()
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.status, "quiet")
        self.send_button, self.cancel_button = QPushButton("Send"), QPushButton("Cancel")
        set_role(self.send_button, "main")
        self.send_button.clicked.connect(self._on_send)
        self.cancel_button.clicked.connect(self._on_cancel)

        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self._list.addStretch()
        inner = QWidget()
        inner.setLayout(self._list)
        self._list.setContentsMargins(0, 0, 8, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        to = QHBoxLayout()
        to.addWidget(target_label)
        to.addWidget(self.target)
        to.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self.status, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.heading)
        layout.addLayout(to)
        layout.addWidget(area, 1)
        layout.addLayout(buttons)

    def set_targets(self, component: Component, runs: Sequence[TestRun]) -> None:
        """Offer the component and its test runs as targets, keeping what was chosen."""
        targets = [(f"the component {component.label}", component.owner)]
        targets += [
            (f"its test run {run.owner.label}, {local_text(run.date)}", run.owner)
            for run in runs
            if not run.is_deleted
        ]
        self._offer(component.label, targets)

    def set_shipment(self, shipment: Shipment) -> None:
        """Offer a shipment as the only target."""
        ends = (shipment.sender, shipment.recipient)
        way = " → ".join(place.code or place.label for place in ends)
        name = shown_text(shipment.label)
        self._offer(name, [(shown_text(f"the shipment {shipment.label}, {way}"), shipment.owner)])

    def _offer(self, name: str, targets: Sequence[tuple[str, Owner]]) -> None:
        self.heading.setText(f"Add files to {name}")
        is_new, kept = not self.target.count(), self.target.currentData()
        self.target.clear()
        for text, owner in targets:
            self.target.addItem(text, owner)
        # A target that is gone is replaced by no other: somebody has to choose.
        found = 0 if is_new else -1
        found = next((i for i in range(self.target.count()) if self.target.itemData(i) == kept), found)
        self.target.setCurrentIndex(found)

    def add(self, paths: Sequence[Path]) -> None:
        """Take more files; each is looked at in the background."""
        fresh = [path for path in dict.fromkeys(paths) if path not in self._known]
        self._known.update(fresh)
        self._show_status()
        self._task.start(self._examine())

    @property
    def rows(self) -> Sequence[_FileRow]:
        return self._rows

    @property
    def _unseen(self) -> list[Path]:
        """The files that were taken but not looked at yet."""
        return sorted(self._known - {row.path for row in self._rows})

    async def _examine(self) -> None:
        # One after another: hundreds of photographs must not stand in the way of the next scan.
        for path in self._unseen:
            examined = await self._context.worker.call(examine, path)
            row = _FileRow(examined, self._context.database.settings.eos_size_limit)
            row.removed.connect(lambda row=row: self._on_row_removed(row))
            row.edited.connect(self._show_status)
            self._rows.append(row)
            self._list.insertWidget(self._list.count() - 1, row)
            self._show_status()
        self.send_button.setFocus()

    def _show_status(self) -> None:
        good = [row for row in self._rows if row.is_usable]
        problems = len(self._rows) - len(good)
        untitled = any(not row.title.text().strip() for row in good)
        no_target = self.target.currentIndex() < 0
        unseen = bool(self._unseen)
        self.send_button.setEnabled(bool(good) and not (unseen or problems or untitled or no_target))
        plural = "file" if len(good) == 1 else "files"
        self.send_button.setText(f"Send {len(good)} {plural}" if good else "Send")
        if unseen:
            text = "Looking at the files…"
        elif problems:
            text = "Remove the marked files to go on." if good else "None of these can be sent."
        elif no_target:
            text = "The target chosen before is gone; choose another."
        elif untitled:
            text = "Every file needs a title."
        else:
            text = f"{size_text(sum(row.byte_count for row in good))} in all"
        self.status.setText(text)

    def _on_row_removed(self, row: _FileRow) -> None:
        self._rows.remove(row)
        self._known.discard(row.path)
        row.setParent(None)
        row.deleteLater()
        if self._known:
            self._show_status()
        else:
            self._on_cancel()

    def _on_send(self) -> None:
        target: Owner = self.target.currentData()
        self.send_button.setEnabled(False)
        self._task.start(self._send([row.upload(target) for row in self._rows]))

    async def _send(self, uploads: Sequence[Upload]) -> None:
        await self._context.uploads.add(uploads)
        self._clear()
        self.sent.emit()
        self.closed.emit()

    def _on_cancel(self) -> None:
        self._clear()
        self.closed.emit()

    def escape(self) -> None:
        """Give the review up; if something was typed, only when asked for it once more."""
        if any(row.is_typed_in for row in self._rows) and not self.cancel_button.hasFocus():
            self.cancel_button.setFocus()
            self.status.setText("Press Esc again to give up what was typed.")
        else:
            self._on_cancel()

    def _on_failed(self, error: ItkError) -> None:
        self._context.messages.show(error)
        self._known = {row.path for row in self._rows}
        self._show_status()

    def _clear(self) -> None:
        self._task.cancel()
        for row in self._rows:
            row.setParent(None)
            row.deleteLater()
        self._rows = []
        self._known = set()


class _FileRow(QWidget):
    """One file: picture, title, description, destination with its reason, size; or its problem."""

    removed = Signal()
    edited = Signal()

    def __init__(self, examined: Examined, size_limit: int) -> None:
        super().__init__()
        self.path = examined.path
        self._file = examined.file
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_role(self, "row-bad" if examined.problem else "row")
        picture = QLabel()
        picture.setFixedSize(QSize(_THUMBNAIL + 8, _THUMBNAIL + 8))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if not examined.thumbnail.isNull():
            shown = QPixmap.fromImage(examined.thumbnail)
            shown.setDevicePixelRatio(2)
            picture.setPixmap(shown)
        else:
            set_icon(
                picture, "warning" if examined.problem else "file", "bad" if examined.problem else "quiet", 24
            )
        name = QLabel(self.path.name)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setToolTip(plain_hint(str(self.path)))
        set_role(name, "heading")
        remove = QToolButton()
        set_icon(remove, "close", "quiet")
        remove.setToolTip("Do not send this file")
        remove.setAccessibleName(f"Do not send {self.path.name}")
        remove.clicked.connect(self.removed)

        layout = QGridLayout(self)
        layout.setContentsMargins(12, 10, 8, 10)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(6)
        layout.addWidget(picture, 0, 0, 2, 1)
        layout.addWidget(name, 0, 1, 1, 2)
        layout.addWidget(remove, 0, 4)
        layout.setColumnStretch(1, 3)
        layout.setColumnStretch(2, 4)
        layout.setColumnStretch(3, 3)
        self.title, self.description, self.storage = QLineEdit(), QLineEdit(), QComboBox()
        if examined.problem is not None:
            problem = QLabel(f"{examined.problem.title}. {examined.problem.sentence} {examined.problem.cure}")
            problem.setTextFormat(Qt.TextFormat.PlainText)
            problem.setWordWrap(True)
            layout.addWidget(problem, 1, 1, 1, 3)
            for unused in (self.title, self.description, self.storage):
                unused.setParent(self)
                unused.hide()
        elif examined.file is not None:
            self._add_fields(layout, examined.file, size_limit)

    def _add_fields(self, layout: QGridLayout, file: LocalFile, size_limit: int) -> None:
        storage, reason = choose_storage(file.size, file.media_type, size_limit)
        facts = QLabel(f"{size_text(file.size)}  ·  {file.media_type}")
        set_role(facts, "quiet")
        self.title.setText(self.path.name)
        self.title.setAccessibleName(f"Title of {self.path.name}")
        self.title.textChanged.connect(self.edited)
        self.description.setPlaceholderText("Description (optional)")
        self.description.setAccessibleName(f"Description of {self.path.name}")
        for field in (self.title, self.description):
            field.setAcceptDrops(False)
        self.storage.setAccessibleName(f"Where to keep {self.path.name}")
        for choice in (Storage.FILE, Storage.EOS):
            text = f"{choice.label} ({reason})" if choice is storage else choice.label
            self.storage.addItem(text, choice)
        self.storage.setCurrentIndex(self.storage.findData(storage))
        layout.addWidget(facts, 0, 3)
        layout.addWidget(self.title, 1, 1)
        layout.addWidget(self.description, 1, 2)
        layout.addWidget(self.storage, 1, 3, 1, 2)

    @property
    def is_usable(self) -> bool:
        return self._file is not None

    @property
    def is_typed_in(self) -> bool:
        return self.title.isModified() or self.description.isModified()

    @property
    def byte_count(self) -> int:
        """Size in bytes; 0 for a file that cannot be sent."""
        return self._file.size if self._file else 0

    def upload(self, target: Owner) -> Upload:
        """Return the file as it is to be sent. Only for a usable row."""
        if self._file is None:
            raise ValueError(f"{self.path} has a problem")
        title = self.title.text().strip()
        return Upload(
            kind=UploadKind.FILE,
            target=target,
            name=self.path.name,
            title=title,
            description=self.description.text().strip() or title,
            storage=self.storage.currentData(),
            size=self._file.size,
            media_type=self._file.media_type,
            source=str(self.path),
        )
