"""The settings while the program runs: what is changed holds at once, and is written beside the GUI."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from itkgui.background.worker import Lane, Worker
from itkgui.client.exceptions import Cancelled, FileNotWritten, ItkError
from itkgui.language import N_
from itkgui.settings import Settings
from itkgui.settings.configuration import Configuration
from itkgui.settings.declaring import Setting
from itkgui.settings.toml_file import NotToml

logger = logging.getLogger(__name__)

_PAUSE_MS = 1000
_MOST_LOOKS = 10  # at a file that is another each time


class Preferences(QObject):
    """What holds now; GUI thread only. Whoever ends the program calls ``close``."""

    changed = Signal(str)  # name of a setting, of which another value holds
    chosen = Signal(str)  # as ``changed``, and before it, if somebody chose that here: no file said so
    failed = Signal(object)  # ItkError: what was changed cannot be kept for the next start; to be told
    kept = Signal()  # all that was changed is in the file
    problems_changed = Signal()  # the file was mended or spoilt, or what a value names is there or is not

    def __init__(self, configuration: Configuration, worker: Worker) -> None:
        super().__init__()
        self.configuration = configuration
        self.worker = worker
        self._examined = configuration  # of which it is known what is of no use
        self.problems = (*configuration.problems, *configuration.doubts)  # as far as it is known by now
        self._examining: asyncio.Task[None] | None = None
        self._unwritten: dict[str, Any] = {}  # by name: a value of TOML, or None to take it out
        self._writing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._mark: object = ()  # of the file when it was last read; not of any yet
        self._seen: object = ()  # that of the last look, since somebody wanted one
        self._looks = 0  # since then
        self.pause = QTimer(self)  # between two looks
        self.pause.setSingleShot(True)
        self.pause.setInterval(_PAUSE_MS)
        self.pause.timeout.connect(self._look)

    @property
    def settings(self) -> Settings:
        """The values that hold."""
        return self.configuration.settings

    def put(self, name: str, value: Any) -> None:
        """Choose a value.

        Raises ValueError for one that cannot be used, PermissionError for a setting that cannot be changed
        here.
        """
        value = self.setting(name).kind.checked(value)
        self._take(name, self.configuration.changed(name, value), self.setting(name).kind.to_toml(value))

    def reset(self, name: str) -> None:
        """Go back to what holds without a choice. Raises PermissionError as ``put`` does."""
        self._take(name, self.configuration.without(name), None)

    def _take(self, name: str, configuration: Configuration, written: Any) -> None:
        if self.is_fixed(name):
            raise PermissionError(f"{name} is {self.configuration.found(self.setting(name)).origin}")
        before, self.configuration = self.configuration, configuration
        self._unwritten[name] = written
        if self._writing is None or self._writing.done():
            self._writing = asyncio.get_event_loop().create_task(self._write_all())
        if configuration.found(self.setting(name)) != before.found(self.setting(name)):
            self.chosen.emit(name)
            self.changed.emit(name)
        if self._examining is None or self._examining.done():
            self._examining = asyncio.get_event_loop().create_task(self._examine())

    def is_fixed(self, name: str) -> bool:
        """Tell whether a setting cannot be changed here."""
        setting = self.setting(name)
        return not setting.in_own_file or self.configuration.found(setting).is_fixed

    def setting(self, name: str) -> Setting:
        """Return the declaration of a setting. Raises StopIteration for a name that is none."""
        return next(one for one in self.configuration.declared.declarations() if one.name == name)

    def doubt(self, setting: Setting) -> str:
        """Return what keeps the value from being of use, in a sentence without a full stop; or nothing.

        Nothing also for a moment after a change: it is looked for beside the GUI.
        """
        is_examined = self._examined.found(setting) == self.configuration.found(setting)
        return self._examined.doubted.get(setting.name, "") if is_examined else ""

    async def _examine(self) -> None:
        examined = None
        while examined is not self.configuration:  # it may change meanwhile
            examined = self.configuration
            try:
                await self._look_for_doubts(examined)
            except ItkError as error:  # somebody signs out, or there are no threads: the next change does it
                logger.info("nobody knows whether the settings are of use: %s", error)
                return
        self._know(self.configuration)

    async def _look_for_doubts(self, configuration: Configuration) -> None:
        await self.worker.call(lambda: configuration.doubted)

    def _know(self, examined: Configuration) -> None:
        before, self._examined = self.problems, examined
        self.problems = (*examined.problems, *examined.doubts)
        for problem in self.problems:
            if problem not in before:
                logger.warning("%s", problem)
        if self.problems != before:
            self.problems_changed.emit()

    def look_again(self) -> None:
        """Take over, beside the GUI, what somebody has changed in the file, or what was mended there.

        Editors save when they lose the keys, a moment after the window gets them, and some empty the file
        before. So there is a second look a while later; what it finds counts if it was there at the first.
        """
        self._seen, self._looks = (), 0
        self._look()

    @property
    def is_looking(self) -> bool:
        """Whether the file is being looked at, or will be in a moment."""
        return self.pause.isActive() or (self._looking is not None and not self._looking.done())

    def _look(self) -> None:
        if self._looking is not None and not self._looking.done():
            self.pause.start()
        elif self._looks < _MOST_LOOKS:
            self._looks += 1
            self._looking = asyncio.get_event_loop().create_task(self._look_once())

    async def _look_once(self) -> None:
        try:
            mark = await self._look_at_mark()
            if mark != self._seen:
                self._seen = mark
                self.pause.start()
                return
            if mark == self._mark:
                return
            if self._unwritten:
                self._mark = mark  # what fails now does so until the file is another: that is told once
                await self._write_all()
                return
            before = self.configuration
            read = await self.worker.call(before.reread, lane=Lane.QUEUE)
            if await self._look_at_mark() != mark:  # it may be of either
                self.pause.start()
                return
            await self._look_for_doubts(read)
        except ItkError as error:  # somebody signs out, or there are no threads: the next look does it
            logger.info("the settings were not looked at: %s", error)
            return
        is_as_before = self.configuration is before and not self._unwritten
        if is_as_before and (self._writing is None or self._writing.done()):  # else that looks again
            self._mark = mark
            self._use(read)

    async def _look_at_mark(self) -> object:
        return await self.worker.call(lambda: self.configuration.own_file.mark, lane=Lane.QUEUE)

    def _use(self, read: Configuration) -> None:
        before, self.configuration = self.configuration, read
        for setting in read.declared.declarations():
            if read.found(setting) != before.found(setting):
                self.changed.emit(setting.name)
        self._know(read)

    async def close(self) -> None:
        """Wait until all is written, as far as that can be done."""
        if self._writing is not None:
            await self._writing
        if self._unwritten:
            await self._write_all()
        if self._looking is not None:
            await self._looking
        self.pause.stop()

    async def _write_all(self) -> None:
        """Write what has changed, and what changes meanwhile; what fails is tried again with the next."""
        while self._unwritten:
            changes, self._unwritten = self._unwritten, {}
            try:
                await self.worker.call(self.configuration.own_file.write, changes, lane=Lane.QUEUE)
            except (OSError, NotToml, ItkError) as error:
                self._unwritten = changes | self._unwritten
                if isinstance(error, ItkError):  # no fault of the file's
                    self._mark = ()
                if not isinstance(error, Cancelled):  # somebody signs out
                    self._tell(error)
                return
        self.kept.emit()
        self.look_again()  # what was written may have mended it

    def _tell(self, error: OSError | NotToml | ItkError) -> None:
        self.failed.emit(SettingsNotKept(f"{self.configuration.paths.settings_file}: {error}"))


class SettingsNotKept(FileNotWritten):
    """A changed setting could not be written."""

    title = N_("The change is not kept")
    sentence = N_("It holds until the program ends, but could not be written to your settings file.")
    cure = N_("See the details: mend the file, or its folder's permissions, then change it again.")
