"""Files: dropped and reviewed, sent and read back; and what cannot be sent."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from itkgui.tour.driver import Driver, Step, StepFailed, check
from itkgui.uploads.upload import UploadState
from itkgui.views.review.review_sheet import ReviewSheet


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
        await self._at.drop([note, photo])
        await self._at.until(lambda: self._sheet.send_button.isEnabled(), "the review of the files")

    async def _send(self) -> None:
        files = self._at.component.attachments
        before = files.table.rowCount()
        await self._at.click(self._sheet.send_button)
        program = self._at.program
        await self._at.until(
            lambda: len(program.uploads) == 2 and not any(u.state.is_open for u in program.uploads), "uploads"
        )
        failed = [u.trouble for u in program.uploads if u.state is not UploadState.DONE]
        check(not failed, f"both were uploaded; {failed}")
        await self._at.until(lambda: files.table.rowCount() == before + 2, "the new rows")
        await self._at.choose(files.view, lambda file: file.display_name == "wire-bonds.png")
        await self._at.until(
            lambda: files.preview.content.shown_kind == "image", "the picture from the server"
        )

    async def _uploads(self) -> None:
        place = self._at.workspace.upload_view
        await self._at.go_to(place)
        check(place.queue.table.rowCount() == 2, "both uploads are listed")

    async def _drop_bad(self) -> None:
        await self._at.go_to(self._at.workspace.side_by_side)
        empty, fine = self._samples / "unfinished.csv", self._samples / "visual-inspection-note.txt"
        empty.write_bytes(b"")
        await self._at.drop([empty, self._samples, fine])
        await self._at.until(lambda: len(self._sheet.rows) == 3, "the review of the files in the folder")
        await self._at.until(lambda: self._sheet.table.are_looked_at, "a look at each")
        check(not self._sheet.send_button.isEnabled(), "an empty file cannot be sent")

    async def _give_up(self) -> None:
        component = self._at.component
        await self._at.click(self._sheet.cancel_button)
        await self._at.until(component.attachments.isVisible, "the files that are there")
        check(not component.is_reviewing, "nothing waits to be sent")


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
