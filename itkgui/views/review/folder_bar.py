"""A bar that offers what instruments have put into the watched folder to the component on the screen."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from itkgui.item_models.folder_words import new_words, trouble_words
from itkgui.language import _
from itkgui.paths import key_of
from itkgui.uploads.watched_folder import FolderNews, FolderWatch, NewFile
from itkgui.views.context.memory import Memory
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.reviewed_files import ReviewedFiles
from itkgui.views.review.drop_area import DropArea
from itkgui.views.widgets.notice_bar import NoticeBar

_VERSION = 1
_MOST_KNOWN = 20_000  # marks; of more, those whose files are gone are forgotten


class FolderBar(NoticeBar):
    """Hidden while nothing is new. Nothing is sent from here: what is added is reviewed like what is dropped.

    ``taker`` tells which page on the screen can get files. What was dealt with, by sending it, leaving it out
    or forgetting it here, is kept in ``memory``, that of everybody at this computer, as the folder is. What
    is ``reviewed`` is not offered meanwhile, and again if that ends in any other way.
    """

    _told = Signal(object, object)  # FolderWatch, FolderNews; from its thread

    def __init__(
        self,
        memory: Memory,
        preferences: Preferences,
        reviewed: ReviewedFiles,
        taker: Callable[[], DropArea | None],
    ) -> None:
        super().__init__(_("Add"), can_close=True)
        self._memory, self._preferences, self._taker = memory, preferences, taker
        self._reviewed = reviewed
        self._folder = Path()
        self._watch: FolderWatch | None = None
        self._news = FolderNews()
        self._marks: dict[Path, str] = {}  # of all that was new, also if the folder is away by now
        self._known: dict[str, int] | None = None  # marks, as JSON keeps a set; None before the first look
        self._put_off: object = None  # what somebody did not want to see now
        self._shown_target = ""
        self.later_button = self.add_button(_("Not now"))
        self.forget_button = self.add_button(_("Forget these"))
        self.helped.connect(self.add)
        self.later_button.clicked.connect(self._on_later)
        self.close_button.clicked.connect(self._on_later)
        self.forget_button.clicked.connect(lambda: self._on_settled({file.path for file in self.files}))
        reviewed.settled.connect(self._on_settled)
        reviewed.reopened.connect(self._on_reopened)
        # Not at once: what goes from one page to another is with neither for a moment.
        reviewed.changed.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._on_told)
        preferences.chosen.connect(self._on_setting_chosen)
        preferences.changed.connect(self._on_setting_changed)
        self._begin()

    def detach(self) -> None:
        """Stop looking, before the bar goes."""
        self._preferences.chosen.disconnect(self._on_setting_chosen)
        self._preferences.changed.disconnect(self._on_setting_changed)
        self._reviewed.changed.disconnect(self._show)
        self._end()

    @property
    def is_watching(self) -> bool:
        """Whether the folder of the settings has been looked at, so that what comes from now on is new."""
        return self._known is not None

    @property
    def files(self) -> list[NewFile]:
        """What is new and waits for somebody's word, the oldest first."""
        if not self._news.new:
            return []
        known, reviewed = self._known or {}, self._reviewed.paths
        return [file for file in self._news.new if file.mark not in known and file.path not in reviewed]

    @property
    def reviewed_files(self) -> frozenset[Path]:
        """What waits in a review, and is offered again unless it is sent or left out there."""
        known = self._known or {}
        return frozenset(p for p in self._reviewed.paths if p in self._marks and self._marks[p] not in known)

    @property
    def can_add(self) -> bool:
        """Whether there is something new, and a page that can get it."""
        return bool(self.files and self._target)

    def add(self) -> None:
        """Let the page on the screen review what is new."""
        page, files = self._taker(), self.files
        if page is not None and page.target_name and files:
            self._put_off = None  # if it comes back, that is to be seen
            page.review([file.path for file in files])
            self._show()

    def look_around(self) -> None:
        """Notice that another page may be on the screen."""
        if not self.isHidden() and self._target != self._shown_target:
            self._show()

    # The folder --------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        folder = self._preferences.settings.watched_folder
        if folder is None:
            return
        self._folder = folder.absolute()
        kept = self._memory.get(self._key, _VERSION)
        self._known = kept if isinstance(kept, dict) else None
        watch = FolderWatch(self._folder, self._known, lambda news: self._told.emit(watch, news))
        self._watch = watch
        watch.start()

    def _end(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        self._watch, self._known, self._news, self._put_off = None, None, FolderNews(), None
        self._marks = {}

    def _on_setting_chosen(self, name: str) -> None:
        if name == "watched_folder" and self._watch is not None:  # whoever names it again begins anew
            self._memory.put(self._key, _VERSION, None)

    def _on_setting_changed(self, name: str) -> None:
        if name == "watched_folder":
            self._end()
            self._begin()
            self._show()

    @property
    def _key(self) -> str:
        return f"watched-folder/{key_of(str(self._folder))}"

    def _on_told(self, watch: FolderWatch, news: FolderNews) -> None:
        if watch is not self._watch:
            return
        self._news = news
        self._marks |= {file.path: file.mark for file in news.new}
        if news.present is not None and self._known is None:
            self._keep(dict.fromkeys(news.present, 1))
        elif news.present is not None and self._known is not None and len(self._known) > _MOST_KNOWN:
            self._keep({mark: 1 for mark in self._known if mark in news.present})
        self._show()

    def _keep(self, known: dict[str, int]) -> None:
        self._known = known
        self._memory.put(self._key, _VERSION, known)

    # What is said ------------------------------------------------------------------------------------------

    @property
    def _target(self) -> str:
        page = self._taker()
        return page.target_name if page is not None else ""

    @property
    def _subject(self) -> object:
        """What the bar is about: one that was sent away comes back with another."""
        return self._news.trouble, frozenset(file.mark for file in self.files)

    def _show(self) -> None:
        files, self._shown_target = self.files, self._target
        target = self._shown_target
        title, words = trouble_words(self._folder, self._news.trouble)
        if files:
            title, words = new_words(self._folder, [file.path.name for file in files], target)
        if self._subject == self._put_off:
            title = ""
        for button in (self.help_button, self.later_button, self.forget_button):
            button.setVisible(bool(files))
        self.close_button.setVisible(not files)
        self.help_button.setText(_("Add to {target}").format(target=target) if target else _("Add"))
        self.help_button.setEnabled(bool(target))
        self.say(title, words, "quiet")

    def _on_later(self) -> None:
        self._put_off = self._subject
        self.hide()

    def _on_settled(self, paths: Collection[Path]) -> None:
        """Offer files never again, unless they change."""
        if self._known is not None:
            self._keep(self._known | {mark: 1 for path, mark in self._marks.items() if path in paths})
            self._show()

    def _on_reopened(self, paths: Collection[Path]) -> None:
        if self._known is not None:
            again = {mark for path, mark in self._marks.items() if path in paths}
            self._keep({mark: 1 for mark in self._known if mark not in again})
            self._show()
