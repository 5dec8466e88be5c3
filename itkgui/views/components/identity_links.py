"""What the strip gives away: the serial number, a link, a QR code, the page in the web application."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from itkgui.language import _
from itkgui.records.component import Component
from itkgui.records.component_link import link_to, web_address_of
from itkgui.records.identifier_list import LONGEST
from itkgui.views.components.identity_strip import IdentityStrip
from itkgui.views.context.view_context import ViewContext


class IdentityLinks(QObject):
    """Serves the strip of one page; ``component`` tells what is on it now."""

    def __init__(
        self, context: ViewContext, strip: IdentityStrip, component: Callable[[], Component]
    ) -> None:
        super().__init__(strip)
        self._context, self._strip, self._component = context, strip, component
        strip.copy_requested.connect(lambda: self._copy(component().label))
        strip.link_requested.connect(lambda: self._copy(link_to(component())))
        strip.qr_requested.connect(self._on_qr_wanted)
        strip.web_requested.connect(self._on_web_wanted)

    def _copy(self, text: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self._context.messages.notify(_("{text} copied").format(text=text))
        else:
            self._tell_nameless()

    def _tell_nameless(self) -> None:
        self._context.messages.notify(_("This component has no serial number and no code."), "caution")

    def _on_qr_wanted(self) -> None:
        from itkgui.views.components.qr_sheet import LINK, SERIAL, QrSheet  # read when it is first wanted

        component = self._component()
        texts = {SERIAL: component.serial_number, LINK: link_to(component)}
        there = {kind: text for kind, text in texts.items() if 0 < len(text) <= LONGEST}
        if there:
            QrSheet(self._strip, self._context, there).show()
        else:
            self._tell_nameless()

    def _on_web_wanted(self) -> None:
        address = web_address_of(self._component(), self._context.database.settings.api_url)
        if not address:
            self._context.messages.notify(_("This component has no code."), "caution")
        elif not QDesktopServices.openUrl(QUrl(address)):
            self._context.messages.notify(_("No program opens {address}.").format(address=address), "caution")
