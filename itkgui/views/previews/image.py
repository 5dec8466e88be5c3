"""Images: zoomed, turned, measured, compared with another one, page by page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import PATIENCE
from itkgui.decoding.image import LoadedImage, Painting, load_image
from itkgui.decoding.image_files import Picture
from itkgui.decoding.svg import SVG_TYPE
from itkgui.decoding.tones import Tone
from itkgui.item_models.image_words import image_facts
from itkgui.language import N_, _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.damage_bar import DamageBar
from itkgui.views.previews.image_canvas import STEP
from itkgui.views.previews.image_pane import ImagePane
from itkgui.views.previews.image_player import ImagePlayer
from itkgui.views.previews.image_scale import ScaleDialog
from itkgui.views.previews.image_tones import ToneSliders
from itkgui.views.previews.page_box import PageBox
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.tool_row import ToolRow
from itkgui.views.widgets.whole_label import WholeLabel

_BLINK_MS = 600
_RULER_KEYS = N_(
    "Drag, or move an end by the arrow keys, with Shift further; Tab: the other end, Enter: done, Esc: away"
)
_DEVELOPING = 60.0  # seconds; somebody asked for it and can choose another file meanwhile


class ImagePreview(Preview):
    """Shows an image, and if somebody wants another one beside it."""

    source_toggled = Signal()

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._task = ViewTask(self, self._on_failed)
        self._said = ""
        self._blink = QTimer(self)
        self._blink.setInterval(_BLINK_MS)
        self._blink.timeout.connect(self._on_blink)
        self.pane, self.pinned = ImagePane(tools), ImagePane(tools)
        self.pinned.hide()
        self.player = ImagePlayer(self, tools)
        self.player.frame_due.connect(self._on_frame)
        self.player.failed.connect(self._on_play_failed)
        for pane in (self.pane, self.pinned):
            pane.changed.connect(self._show_facts)
            pane.canvas.measured.connect(self._offer_scale)
            pane.canvas.measured_enough.connect(self._on_measured_enough)
        self.canvas = self.pane.canvas
        self.canvas.steered.connect(lambda: self._link(self.pane, self.pinned))
        self.pinned.canvas.steered.connect(lambda: self._link(self.pinned, self.pane))
        self.tools = ToolRow()
        self._build_tools()
        self.damage = DamageBar(tools)
        self.tones = ToneSliders(self)
        self.tones.changed.connect(self._on_tone)
        self.tones.key_left.connect(self.keyPressEvent)
        self.beside = QSplitter(Qt.Orientation.Horizontal)
        self.beside.setChildrenCollapsible(False)
        for pane in (self.pinned, self.pane):
            self.beside.addWidget(pane)
        self.source = tools.nested()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.beside)
        self.stack.addWidget(self.source)
        # The facts tell the zoom, which follows from the room that they leave the picture.
        self.facts, self.values = WholeLabel(is_steady=True), QLabel()
        for pane in (self.pane, self.pinned):
            pane.values_read.connect(self.values.setText)
        for label in (self.facts, self.values):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(8, 1, 8, 1)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_room(self.values, least=(0, 1))
        # Numbers that come and go with the cursor must not ask for more room.
        self.values.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self.facts, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(1)
        layout.addWidget(self.tools)
        layout.addWidget(self.damage)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.values)
        layout.addWidget(self.facts)

    def _build_tools(self) -> None:
        tools, canvas = self.tools, self.canvas
        add, toggle = tools.add_tool, partial(tools.add_tool, checkable=True)
        self.page = PageBox()
        self.page.valueChanged.connect(self._on_page)
        self.play_button = toggle("play", _("Play"), self._on_play, command="image-play")
        self._paging = self.page.add_to(tools)
        add("zoom-out", _("Smaller"), lambda: canvas.zoom(1 / STEP), command="image-out")
        add("zoom-in", _("Larger"), lambda: canvas.zoom(STEP), command="image-in")
        add("fit", _("Fit to the pane"), canvas.fit, command="image-fit")
        add("one-to-one", _("True size: pixel by pixel"), canvas.show_true, command="image-true")
        add("rotate", _("Rotate by 90°"), canvas.turn, command="image-turn")
        name = _("Brightness and contrast…")
        self.tone_button = toggle("contrast", name, self._on_tones, command="image-tones")
        self.ruler_button = toggle("ruler", _("Measure"), self._on_ruler, command="image-measure")
        self.scale_button = add("scale", _("Set the scale by this distance…"), self._on_scale)
        self.pin_button = toggle("pin", _("Compare with…"), self._on_pin, command="image-compare")
        self.blink_button = toggle("blink", _("Blink"), self._on_blink_button, command="image-blink")
        self.source_button = toggle("text", _("Source"), self._on_source, command="image-source")
        self.develop_button = add("develop", _("Develop the sensor's values"), self._on_develop)
        rare = self.play_button, self.scale_button, self.blink_button, self.source_button, self.develop_button
        for tool in (*self._paging, *rare):
            tools.offer(tool, False)

    # What is shown -----------------------------------------------------------------------------------------

    def show_content(self, file: BinaryFile, loaded: LoadedImage) -> None:
        """Show a picture; in the same place and as large as the one before if their sizes agree."""
        self._file, self._said = file, ""
        self.ruler_button.setChecked(False)  # measuring ends with its picture
        self.page.begin(loaded.facts.pages)
        for tool in self._paging:
            self.tools.offer(tool, loaded.facts.pages > 1)
        self.tools.offer(self.play_button, loaded.can_play)
        self.tools.offer(self.source_button, file.media_type == SVG_TYPE)
        self.source_button.setChecked(False)
        self.source.show_nothing("")
        self.stack.setCurrentIndex(0)
        self._show(Picture(file), loaded)
        if self.pin_button.isChecked():
            self.pane.canvas.follow(self.pinned.canvas)
        if self.blink_button.isChecked():
            self._blink.start()
        self._play(loaded.can_play)

    @property
    def is_settled(self) -> bool:
        panes = (self.pane, self.pinned) if self.pinned.isVisible() else (self.pane,)
        return not self._task.is_running and all(pane.is_settled for pane in panes)

    @property
    def shows_source(self) -> bool:
        """Whether the text is seen that describes the picture, in its place."""
        return self.source_button.isChecked()

    @property
    def key_taker(self) -> QWidget:
        return self.canvas if self.source.isHidden() else self.source.key_taker or self.source

    @property
    def is_blinking(self) -> bool:
        """Whether one picture is shown after the other, in turns."""
        return self._blink.isActive()

    def forget(self) -> None:
        self._task.cancel()
        self._blink.stop()
        self._play(False)
        self.pane.forget()
        self.damage.forget()
        self.source.show_nothing("")
        self.tones.hide()

    def _show(self, picture: Picture, loaded: LoadedImage) -> None:
        self.tools.offer(self.develop_button, loaded.facts.can_be_developed)
        self.tones.begin(loaded.tone)
        self.pane.show_picture(picture, loaded)
        self.damage.begin(picture, loaded)
        for label in (self.values, self.facts):
            label.clear()
        self._use_ruler()

    def _show_facts(self) -> None:
        pane = self.pane
        if pane.loaded is None or pane.picture is None:
            return
        toned = _("brightness changed") if self.tones.is_changed else ""
        self.tone_button.setChecked(bool(toned))
        self.facts.setText(
            image_facts(
                pane.loaded,
                pane.canvas.scale_shown,
                page=pane.picture.page,
                scale=pane.scale,
                remark=self._said or "  ·  ".join(filter(None, (toned, pane.trouble, self._trouble_beside))),
            )
        )

    @property
    def _trouble_beside(self) -> str:
        pinned = self.pinned
        is_in_trouble = self.pin_button.isChecked() and pinned.picture is not None and pinned.trouble
        return f"{pinned.caption.text()}: {pinned.trouble}" if is_in_trouble else ""

    def _on_failed(self, error: ItkError) -> None:
        self._say(error.sentence)

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self._show_facts()

    # Animations --------------------------------------------------------------------------------------------

    def _play(self, is_on: bool) -> None:
        """Let an animation play from the frame that is shown on, whenever it is seen; or stop it there."""
        self.play_button.setChecked(is_on)
        self._on_play()

    def _on_play(self) -> None:
        is_on = self.play_button.isChecked()
        name = _("Pause") if is_on else _("Play")
        set_icon(self.play_button, "pause" if is_on else "play", size=self.play_button.property("iconSide"))
        self.play_button.setToolTip(f"{name} (K)")
        self.play_button.setAccessibleName(name)
        pane, shown = self.pane, self.pane.picture
        is_on = is_on and self.isVisible() and pane.loaded is not None
        self.player.stop()
        pane.set_moving(is_on)
        if is_on and shown is not None and pane.loaded is not None:
            self.player.play(shown.file, shown.page, pane.loaded.facts.pages, self._room, pane.tone)

    def _on_frame(self, number: int, painting: Painting) -> None:
        loaded, shown = self.pane.loaded, self.pane.picture
        if loaded is not None and shown is not None:
            frame = replace(loaded, **vars(painting), tone=self.pane.tone)
            self.pane.show_picture(replace(shown, page=number), frame)
            self.page.show_page(number + 1)

    def _on_play_failed(self, error: ItkError) -> None:
        self._play(False)
        self._say(error.sentence)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_play()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._on_play()

    # Pages, raw values, source -----------------------------------------------------------------------------

    def _on_page(self, number: int) -> None:
        if self._file is not None:
            self._play(False)
            self._task.start(self._load(Picture(self._file, number - 1)))

    def _on_develop(self) -> None:
        if self._file is not None:
            self._say(_("Being developed…"))
            self._task.start(self._load(Picture(self._file, is_developed=True), _DEVELOPING))

    async def _load(self, picture: Picture, patience: float = PATIENCE) -> None:
        loaded = await self._tools.decode(
            load_image, picture.file, self._room(), picture.page, picture.is_developed, patience=patience
        )
        self._said = ""
        self._show(picture, loaded)

    def _room(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return round(self.canvas.width() * ratio), round(self.canvas.height() * ratio)

    def _on_source(self) -> None:
        self.stack.setCurrentIndex(1 if self.source_button.isChecked() else 0)
        if self.source_button.isChecked() and self._file is not None:
            self.source.show_file(replace(self._file, media_type="text/xml"))
        self.source_toggled.emit()

    # Shades and lengths ------------------------------------------------------------------------------------

    def _on_tones(self) -> None:
        self._show_facts()  # a click has changed how the button looks
        if self.tones.isVisible():
            self.tones.hide()
            return
        shown = self.tone_button if self.tone_button.isVisible() else self.tools.more
        self.tones.open_below(shown)

    def _on_tone(self, tone: Tone) -> None:
        self.pane.show_tone(tone)
        self._show_facts()
        if self.player.is_playing:
            self._on_play()  # with frames decoded anew

    def _on_ruler(self) -> None:
        if self.ruler_button.isChecked():
            self.tones.hide()  # whose sliders would take the arrow keys
            (self.pane if self.pane.isVisible() else self.pinned).canvas.setFocus()
        self._use_ruler()

    def _use_ruler(self) -> None:
        for pane in (self.pane, self.pinned):
            pane.canvas.use_scale(pane.scale)
            pane.canvas.set_ruler(self.ruler_button.isChecked())
        self._offer_scale()

    def _on_measured_enough(self, keeps: bool) -> None:
        self.ruler_button.setChecked(False)
        for pane in (self.pane, self.pinned):
            pane.canvas.end_measuring(keeps=keeps)
        self._offer_scale()

    def _offer_scale(self) -> None:
        self.tools.offer(self.scale_button, self.canvas.ruler is not None)
        if self.canvas.held_end is not None:
            self.values.setText(_(_RULER_KEYS))
        elif self.values.text() == _(_RULER_KEYS):
            self.values.setText("")

    def _on_scale(self) -> None:
        across, down = self.canvas.distance()
        pixels = (across**2 + down**2) ** 0.5
        if not pixels:
            return
        dialog = ScaleDialog(self, pixels)
        dialog.length_chosen.connect(lambda length: self._use_scale(length / pixels))
        dialog.open()

    def _use_scale(self, micrometres: float) -> None:
        self.pane.use_scale(micrometres)
        self.canvas.use_scale(self.pane.scale)

    # Another picture ---------------------------------------------------------------------------------------

    def _on_pin(self) -> None:
        """Keep the picture on the left, so that the next one chosen is beside it; or let it go."""
        is_pinned = self.pin_button.isChecked()
        if self.pane.picture is not None and self.pane.loaded is not None and is_pinned:
            self.pinned.show_picture(self.pane.picture, self.pane.loaded)
            self.pinned.canvas.follow(self.pane.canvas)
        else:
            self.pinned.forget()
        self.blink_button.setChecked(False)
        self._blink.stop()
        self.tools.offer(self.blink_button, is_pinned)
        for pane in (self.pane, self.pinned):
            pane.caption.setVisible(is_pinned)
        self._show_beside(is_pinned)
        self._use_ruler()

    def _link(self, steered: ImagePane, other: ImagePane) -> None:
        if self.pin_button.isChecked():
            other.canvas.follow(steered.canvas)

    def _show_beside(self, is_pinned: bool) -> None:
        self.pane.show()
        if not is_pinned and self.pinned.canvas.hasFocus():
            self.canvas.setFocus()  # before it is hidden: Qt would choose any button of the window
        self.pinned.setVisible(is_pinned)
        if is_pinned:
            self.beside.setSizes([1000, 1000])

    def _on_blink_button(self) -> None:
        if self.blink_button.isChecked():
            self._on_blink()
            self._blink.start()
        else:
            self._blink.stop()
            self._show_beside(True)

    def _on_blink(self) -> None:
        shown, hidden = (self.pane, self.pinned) if self.pane.isVisible() else (self.pinned, self.pane)
        has_keys = shown.canvas.hasFocus()
        if has_keys:
            self.setFocus()  # meanwhile: Qt would choose any button of the window
        shown.hide()  # first: both beside each other would be laid out anew
        hidden.show()
        if has_keys:
            hidden.canvas.setFocus()

    # Keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        button = self.tools.of_key(event)
        if button is None:
            event.ignore()
        else:
            button.click()
