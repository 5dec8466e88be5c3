"""A bar above a picture that says that it is damaged."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from itkgui.client.exceptions import ItkError
from itkgui.decoding.hidden_damage import hidden_damage, may_hide_damage
from itkgui.decoding.image import LoadedImage
from itkgui.decoding.image_files import Picture
from itkgui.language import _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.caution_bar import CautionBar
from itkgui.views.previews.preview import PreviewTools

_REST_MS = 400  # a picture that goes sooner is not looked through


class DamageBar(CautionBar):
    """Hidden for a picture that is whole; what its decoder did not tell is looked for once it rests."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__()
        self._tools = tools
        self._picture: Picture | None = None
        self._task = ViewTask(self, self._on_failed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rested)

    def begin(self, picture: Picture, loaded: LoadedImage) -> None:
        """Tell of a picture that has just been shown."""
        self.forget()
        self._picture = picture
        self._tell(loaded.facts.damage)
        if not loaded.facts.damage and may_hide_damage(picture):
            self._rest.start()

    def forget(self) -> None:
        """Look for nothing any more; what is told stays with the picture."""
        self._rest.stop()
        self._task.cancel()

    @property
    def is_settled(self) -> bool:
        """Whether all is known of the picture that is shown."""
        return not (self._rest.isActive() or self._task.is_running)

    def _on_rested(self) -> None:
        if self._picture is not None:
            self._task.start(self._look_for(self._picture))

    async def _look_for(self, picture: Picture) -> None:
        self._tell(await self._tools.decode(hidden_damage, picture))

    def _tell(self, damage: str) -> None:
        self.say(_("This picture is damaged: {damage}.").format(damage=_(damage)) if damage else "")

    def _on_failed(self, error: ItkError) -> None:
        self.say(
            _("Whether this picture is damaged could not be found out. {sentence}").format(
                sentence=error.sentence
            )
        )
