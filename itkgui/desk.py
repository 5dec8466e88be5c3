"""Who is signed in: all that is theirs is opened at sign-in, and closed when they leave."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from itkgui import view_state
from itkgui.background.worker import Worker
from itkgui.client.exceptions import FileNotWritten, ItkError
from itkgui.language import N_, _
from itkgui.paths import UserPaths
from itkgui.settings import Settings
from itkgui.single_instance import SANDBOX
from itkgui.views.context.memory import Memory
from itkgui.views.context.messages import OPENING_UPLOADS, Messages

# The rest is loaded while the sign-in page is on the screen, see application.Application.
if TYPE_CHECKING:
    from itkgui.client.credentials import Credentials
    from itkgui.client.database import ProductionDatabase
    from itkgui.decoding.decoders import Decoders
    from itkgui.uploads.upload_queue import UploadQueue
    from itkgui.views.context.view_context import ViewContext

_OFF_LINE = timedelta(days=30)  # what is older is not worth reading
_MOST_KEPT = 1_000_000_000  # bytes of answers; a tray of 500 parts with all their runs has about 200 MB


class Desk:
    """Takes one person at a time. Of a session in a sandbox, or of a nameless one, nothing stays behind."""

    def __init__(self, paths: UserPaths, worker: Worker, messages: Messages, site: Memory) -> None:
        self._site = site
        self._paths = paths
        self._worker = worker
        self._messages = messages
        self._decoders: Decoders | None = None  # once somebody is signed in
        self.context: ViewContext | None = None
        self._uploads = self._downloads = paths.state  # the folders of theirs
        self.api_url = ""  # of whoever is signed in
        self.sandbox_url = ""  # of the latest sandbox

    async def sign_in(self, settings: Settings, credentials: Credentials) -> ProductionDatabase:
        """Let somebody in; ``open`` follows.

        Raises what ProductionDatabase.sign_in does, FileNotWritten if there is no room for what they look at.
        """
        from itkgui.client.cache_options import CacheOptions
        from itkgui.client.database import ProductionDatabase

        try:
            self._downloads = await self._worker.call(self._paths.new_session_folder)
        except OSError as error:
            raise NoSessionFolder(str(error)) from error
        answers = self._downloads if settings.api_url == self.sandbox_url else self._paths.answers
        # No answer is taken from there while the server gives one.
        kept = CacheOptions(
            answers, lifetime=timedelta(), offline=_OFF_LINE, size_limit=_MOST_KEPT, watched=True
        )
        sign_in = partial(ProductionDatabase.sign_in, settings, credentials, cache=kept)
        try:
            return await self._worker.call(sign_in)
        except BaseException:
            shutil.rmtree(self._downloads, ignore_errors=True)  # it is empty
            raise

    async def open(self, database: ProductionDatabase) -> ViewContext:
        """Open what is theirs, or nothing. Uploads that cannot be opened are told of, to be mended."""
        async with contextlib.AsyncExitStack() as if_it_fails:
            if_it_fails.push_async_callback(self._remove, self._downloads)
            if_it_fails.push_async_callback(self._close, database)
            self.context = await self._opened(database, if_it_fails)
            if_it_fails.pop_all()
        return self.context

    async def _opened(
        self, database: ProductionDatabase, if_it_fails: contextlib.AsyncExitStack
    ) -> ViewContext:
        from itkgui.client.file_cache import FileCache
        from itkgui.decoding.decoders import Decoders
        from itkgui.uploads.sorting import Timing
        from itkgui.uploads.upload_queue import UploadQueue
        from itkgui.views.context.view_context import ViewContext

        if self._decoders is None:
            self._decoders = Decoders()
        settings, identity = database.settings, database.user.identity
        is_sandbox = settings.api_url == self.sandbox_url
        downloads = self._downloads
        keeps = bool(identity) and not is_sandbox
        self._uploads = downloads / "uploads"
        if not is_sandbox:  # of a nameless one too: after a crash the same token takes them up
            account = await self._worker.call(lambda: database.account)
            self._uploads = self._paths.uploads(settings.api_url, account)
        uploads = UploadQueue(database, self._worker, self._uploads, Timing(undo=settings.undo_seconds))
        opening = asyncio.ensure_future(uploads.open())
        if_it_fails.push_async_callback(_close_again, uploads, opening)
        try:
            await asyncio.shield(opening)  # nobody could close what is half open
        except ItkError as error:
            self._messages.show(error, about=_("Uploads"), attempt=OPENING_UPLOADS)
        kept = self._paths.config / view_state.FILE_NAME
        state = await self._worker.call(view_state.ViewState, kept, identity)
        server = SANDBOX if is_sandbox else settings.api_url
        return ViewContext(
            database,
            self._worker,
            self._decoders,
            self._messages,
            uploads,
            downloads,
            Memory(state, self._worker, server if identity else ""),
            self._site,
            # Of who does not come back it lies where an end by force leaves nothing for good.
            FileCache(
                self._paths.downloads if keeps else downloads,
                settings.api_url,
                identity,
                settings.cache_megabytes,
            ),
            self._paths.scan_log(settings.api_url, identity) if keeps else downloads / "scans.jsonl",
            keeps,
        )

    def use(self, settings: Settings) -> None:
        """Let those settings hold at once, for whoever is signed in, that can."""
        if self.context is not None:
            self.context.uploads.timing.undo = settings.undo_seconds
            from itkgui.decoding import plugins

            self.context.cache.use(settings.cache_megabytes)
            plugins.allow(settings.plugins)
            self._worker.call(plugins.find_installed)

    async def close(self, context: ViewContext, *, keep_files: bool) -> None:
        """Close what is theirs; ``keep_files`` leaves what they have seen for their next session."""
        keep_files &= context.keeps_uploads  # else nobody comes back for them
        are_given_up = not context.keeps_uploads and context.uploads.is_master
        try:
            await context.uploads.close()
            if are_given_up:
                await self._remove(self._uploads)
        finally:
            self.context = None
            self.api_url = ""
            self._worker.cancel_all()
            self._messages.history.clear()
            await context.memory.close()
            context.connection.detach()
            leave = context.database.close if keep_files else context.database.sign_out
            await self._worker.call(leave)
            await self._worker.call(context.decoders.forget)
            await self._remove(context.downloads)
            if not keep_files:
                await self._worker.call(context.cache.close)

    async def _close(self, database: ProductionDatabase) -> None:
        await self._worker.call(database.close)

    async def _remove(self, folder: Path) -> None:
        await self._worker.call(shutil.rmtree, folder, True)

    def end(self) -> None:
        """End the processes that decode; blocks until they have ended."""
        if self._decoders is not None:
            self._decoders.close()


async def _close_again(uploads: UploadQueue, opening: asyncio.Future[None]) -> None:
    await asyncio.wait({opening})
    if opening.exception() is None:
        await uploads.close()


class NoSessionFolder(FileNotWritten):
    """What somebody looks at cannot be stored anywhere."""

    title = N_("No room to work")
    sentence = N_("The folder for what you look at cannot be made, so nobody was signed in.")
    cure = N_("Check the free space and the permissions of your home, then sign in again.")
