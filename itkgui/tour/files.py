"""Files: dropped and reviewed, sent and read back; and what cannot be sent."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.uploads.upload import UploadState
from itkgui.views.review_sheet import ReviewSheet


class Files:
    """Adds files to a pixel module whose files are on the screen."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._samples = driver.program.options.paths.cache / "tour"  # what is made to be dropped

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("review of dropped files", self._drop_good),
            ("uploaded and read back", self._send),
            ("uploads", self._uploads),
            ("files that cannot be sent", self._drop_bad),
            ("files given up", self._give_up),
        )

    def tidy(self) -> None:
        """Remove the files that were made to be dropped."""
        shutil.rmtree(self._samples, ignore_errors=True)

    @property
    def _sheet(self) -> ReviewSheet:
        if self._at.component.sheet is None:
            raise StepFailed("no files are under review")
        return self._at.component.sheet

    async def _drop_good(self) -> None:
        note, photo = self._samples / "visual-inspection-note.txt", self._samples / "wire-bonds.png"
        await self._at.program.worker.call(_write_samples, note, photo)
        await self._drop([note, photo])
        await self._at.until(lambda: self._sheet.send_button.isEnabled(), "the review of the files")

    async def _send(self) -> None:
        files = self._at.component.attachments
        before = files.table.rowCount()
        await self._at.click(self._sheet.send_button)
        uploads = self._at.program.uploads
        await self._at.until(
            lambda: len(uploads) == 2 and not any(u.state.is_open for u in uploads), "uploads"
        )
        failed = [u.trouble for u in uploads if u.state is not UploadState.DONE]
        check(not failed, f"both were uploaded; {failed}")
        await self._at.until(lambda: files.table.rowCount() == before + 2, "the new rows")
        await self._at.choose(files.view, lambda file: file.display_name == "wire-bonds.png")
        await self._at.until(
            lambda: files.preview.content.shown_kind == "image", "the picture from the server"
        )

    async def _uploads(self) -> None:
        place = self._at.workspace.upload_view
        await self._at.go_to(place)
        check(place.table.rowCount() == 2, "both uploads are listed")

    async def _drop_bad(self) -> None:
        await self._at.go_to(self._at.workspace.side_by_side)
        empty, fine = self._samples / "unfinished.csv", self._samples / "visual-inspection-note.txt"
        empty.write_bytes(b"")
        await self._drop([empty, self._samples, fine])
        await self._at.until(lambda: len(self._sheet.rows) == 3, "the review of the files")
        check(not self._sheet.send_button.isEnabled(), "a folder and an empty file cannot be sent")

    async def _give_up(self) -> None:
        component = self._at.component
        await self._at.click(self._sheet.cancel_button)
        await self._at.until(component.attachments.isVisible, "the files that are there")
        check(not component.is_reviewing, "nothing waits to be sent")

    async def _drop(self, paths: Sequence[Path]) -> None:
        """Drag files onto the component's page and let go."""
        view = self._at.component
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path.absolute())) for path in paths])
        middle = view.rect().center()
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

        def drop() -> None:
            enter = QDragEnterEvent(QPoint(middle), copy, mime, left, none)
            QApplication.sendEvent(view, enter)
            check(enter.isAccepted(), "the component takes files")
            QApplication.sendEvent(view, QDropEvent(QPointF(middle), copy, mime, left, none))

        await self._at.act(drop)


def _write_samples(note: Path, photo: Path) -> None:
    note.parent.mkdir(exist_ok=True)
    note.write_text(
        "Visual inspection\nAll wire bonds present, no lifted feet, no scratches on the sensor edge.\n",
        "utf-8",
    )
    picture = QImage(900, 600, QImage.Format.Format_RGB32)
    picture.fill(QColor("#1f5b3a"))
    painter = QPainter(picture)
    painter.fillRect(0, 330, 900, 270, QColor("#8d949c"))
    for number in range(30):
        painter.fillRect(26 + number * 29, 90, 15, 46, QColor("#d9b45b"))
        painter.fillRect(28 + number * 29, 380, 12, 34, QColor("#c8ccd2"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = painter.pen()
    pen.setWidthF(2.4)
    pen.setColor(QColor("#f2f4f7"))
    painter.setPen(pen)
    for number in range(30):
        painter.drawLine(QPointF(33 + number * 29, 118), QPointF(34 + number * 29, 392))
    painter.setFont(QFont("DejaVu Sans Mono", 15))
    painter.fillRect(690, 545, 160, 5, QColor("white"))
    painter.drawText(724, 534, "200 µm")
    painter.end()
    if not picture.save(str(photo)):
        raise StepFailed(f"{photo} could not be written")
