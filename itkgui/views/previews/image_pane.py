"""One picture with all that belongs to it: its canvas, and the parts and values that are decoded for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.decoding.image import LoadedImage, load_part, values_at
from itkgui.decoding.image_files import Picture
from itkgui.decoding.printing import Look
from itkgui.decoding.tones import BYTES, Tone
from itkgui.item_models.image_words import Scale, pixel_words
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.image_canvas import ImageCanvas, WantedPart
from itkgui.views.previews.preview import PreviewTools
from itkgui.views.style import set_role

_REST_MS = 40  # without a movement, until the part in sight is decoded


class ImagePane(QWidget):
    """Shows one picture, and has what is in sight decoded as sharp as the screen can show it.

    One part is decoded at a time; of those asked for meanwhile only the newest is.
    """

    changed = Signal()
    """Zoom, or what is known of the picture."""
    values_read = Signal(str)

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__()
        self._tools = tools
        self.picture: Picture | None = None
        self.loaded: LoadedImage | None = None
        self.tone = BYTES
        self.scale: Scale | None = None
        """µm of a pixel, as the file tells or somebody at the screen."""
        self.trouble = ""
        self._has_typed_scale = False
        self._part: WantedPart | None = None
        self._again: list[WantedPart] = []  # what is shown, in other shades
        self._pixel: tuple[int, int] | None = None
        self._is_busy = self._is_moving = False
        self._task = ViewTask(self, self._on_failed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._want_part)
        self.canvas = ImageCanvas()
        self.canvas.moved.connect(self._on_moved)
        self.canvas.hovered.connect(self._on_hovered)
        self.canvas.left.connect(self._on_left)
        self.caption = QLabel()
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.caption, "quiet")
        self.caption.setContentsMargins(8, 2, 8, 2)
        self.caption.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self.canvas, 1)

    def show_picture(self, picture: Picture, loaded: LoadedImage) -> None:
        """Show a picture instead of another."""
        self.forget()
        before = self.loaded
        self.picture, self.loaded, self.tone, self.trouble = picture, loaded, loaded.tone, ""
        is_alike = before is not None and (before.full_width, before.full_height) == (
            loaded.full_width,
            loaded.full_height,
        )
        if loaded.facts.micrometres is not None or not (self._has_typed_scale and is_alike):
            self.scale, self._has_typed_scale = loaded.facts.micrometres, False
        caption = picture.file.name
        if loaded.facts.pages > 1:
            caption = _("page {page} of {count}  ·  {name}").format(
                page=picture.page + 1, count=loaded.facts.pages, name=caption
            )
        self.caption.setText(shown_text(caption))
        self.caption.setToolTip(plain_hint(caption))
        self.canvas.show_image(loaded)
        self.changed.emit()

    def forget(self) -> None:
        """Stop what is being decoded; what is shown stays."""
        self._task.cancel()
        self._rest.stop()
        self._part, self._again, self._pixel, self._is_busy = None, [], None, False

    def show_tone(self, tone: Tone) -> None:
        """Show the picture in other shades."""
        self.tone = tone
        self._again = self.canvas.shown_parts()
        self._serve()

    def set_moving(self, is_moving: bool) -> None:
        """While one picture follows another, decode no parts; once one stays, be as sharp as ever."""
        if self._is_moving != is_moving:
            self._is_moving = is_moving
            self.forget()
            if not is_moving:
                self._rest.start()

    def use_scale(self, micrometres: float) -> None:
        """Take what somebody knows of the size of a pixel [µm]."""
        self.scale, self._has_typed_scale = (micrometres, micrometres), True
        self.changed.emit()

    @property
    def look(self) -> Look:
        """How the picture is seen."""
        is_toned = self.loaded is not None and self.tone != self.loaded.tone
        is_developed = self.picture is not None and self.picture.is_developed
        return Look(self.canvas.place.quarters, self.tone if is_toned else None, is_developed)

    @property
    def is_settled(self) -> bool:
        """Whether what is in sight is as sharp as it can be, and nothing is under way."""
        return not (self._is_busy or self._rest.isActive())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_moved()

    def _on_moved(self) -> None:
        self.changed.emit()
        # Not started anew while it runs: something is to come while one keeps moving, too.
        if not self._rest.isActive() and not self._is_moving:
            self._rest.start()

    def _want_part(self) -> None:
        wanted = self.canvas.wanted_part()
        if wanted is not None:
            self._part = wanted
            self._serve()

    def _on_hovered(self, x: int, y: int) -> None:
        if self._pixel != (x, y):
            self._pixel = (x, y)
            self._serve()

    def _on_left(self) -> None:
        self._pixel = None
        self.values_read.emit("")

    def _serve(self) -> None:
        if not (self._is_busy or self._is_moving or self.trouble) and self.picture is not None:
            self._is_busy = True
            self._task.start(self._decode(self.picture))

    async def _decode(self, picture: Picture) -> None:
        told: tuple[int, int] | None = None
        while self._part is not None or self._again or self._pixel not in (None, told):
            if self._part is not None:
                wanted, self._part = self._part, None
                await self._show_part(picture, wanted)
            elif self._again:
                wanted = self._again.pop(0)
                await self._show_part(picture, wanted)
                if wanted.quarters != self.canvas.place.quarters:  # turned meanwhile: it came for nothing
                    self._again = self.canvas.shown_parts()
                self._rest.start()  # another part may have come into sight
            elif self._pixel is not None:
                told = self._pixel
                values = await self._tools.decode(values_at, picture, *told)
                if self._pixel is not None:
                    self.values_read.emit(pixel_words(*told, values))
        self._is_busy = False

    async def _show_part(self, picture: Picture, wanted: WantedPart) -> None:
        part = await self._tools.decode(
            load_part, picture, wanted.box, wanted.size, self.tone, wanted.quarters
        )
        self.canvas.show_part(part, wanted.quarters)

    def _on_failed(self, error: ItkError) -> None:
        self._part, self._again, self._pixel, self._is_busy = None, [], None, False
        self.trouble = error.sentence
        self.changed.emit()
