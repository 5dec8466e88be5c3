"""What a session knows of the files of attachments: fetched once, small pictures and sizes for all lists."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from itkgui.background.worker import Call, Lane, Worker
from itkgui.client.database import ProductionDatabase
from itkgui.client.downloads import LargerThanAllowed
from itkgui.client.exceptions import Cancelled, ConnectionFailed, ItkError
from itkgui.client.file_cache import FileCache
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.image import thumbnail
from itkgui.item_models.attachment_table import FileFacts, looks_like_picture
from itkgui.item_models.painted import painted
from itkgui.records.attachment import Attachment, Storage

THUMBNAIL_SIDE = 192  # pixels: what a gallery shows on a fine screen
MOST_FOR_THUMBNAIL = 20_000_000  # bytes that are fetched though nobody asked for this very file
_MOST_KEPT = 400  # thumbnails in memory, at most 150 kB each


@dataclass(frozen=True)
class _Kept:
    """What the cache has of an attachment."""

    picture: QImage
    file: BinaryFile | None


class AttachmentShelf(QObject):
    """Shared by all views of a session; belongs to the GUI thread.

    ``learned`` tells the code of an attachment of which more is known now. What goes wrong with one file here
    is no news: who chooses that file is told. It is tried again after ``forget_failures``.
    """

    learned = Signal(str)

    def __init__(
        self, database: ProductionDatabase, worker: Worker, decoders: Decoders, cache: FileCache
    ) -> None:
        super().__init__()
        self.cache = cache
        self.known: dict[str, FileFacts] = {}
        self._database, self._worker, self._decoders = database, worker, decoders
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._failed: set[str] = set()  # codes of pictures that cannot be shown small
        self._times_forgotten = 0

    # What is known -----------------------------------------------------------------------------------------

    def thumbnail(self, attachment: Attachment) -> QPixmap | None:
        """Return the small picture of an attachment; None if there is none, or none yet."""
        found = self._pictures.get(attachment.code)
        if found is not None:
            self._pictures.move_to_end(attachment.code)
        return found

    def size(self, attachment: Attachment) -> int | None:
        """Return an attachment's bytes, as far as they are known by now."""
        facts = self.known.get(attachment.code)
        return facts.size if facts is not None and facts.size is not None else attachment.size

    def note(self, attachment: Attachment, file: BinaryFile, *, is_anew: bool = False) -> None:
        """Note what a fetched file is; of one that was fetched ``is_anew``, nothing of before holds."""
        if is_anew:
            self._drop(attachment)
        self._learn(attachment, FileFacts(file.size, file.media_type))

    def forget_failures(self) -> None:
        """Try anew from now on what could not be shown small."""
        self._failed.clear()

    async def forget(self, attachment: Attachment) -> None:
        """Remove what is kept of an attachment that was deleted."""
        self._drop(attachment)
        await self._worker.call(self.cache.forget, attachment)

    def _drop(self, attachment: Attachment) -> None:
        self.known.pop(attachment.code, None)
        self._pictures.pop(attachment.code, None)
        self._failed.discard(attachment.code)
        self._times_forgotten += 1

    # Fetching ----------------------------------------------------------------------------------------------

    def fetch(
        self, attachment: Attachment, *, most: int | None = None, is_anew: bool = False
    ) -> Call[BinaryFile]:
        """Fetch the file of an attachment, if it is not here yet; as ``FileCache.fetch``."""
        fetch = partial(self.cache.fetch, self._database, attachment, most=most, is_anew=is_anew)
        return self._worker.call(fetch, lane=Lane.TRANSFERS)

    def find(self, attachment: Attachment) -> Call[BinaryFile | None]:
        """Return the file of an attachment if it is here."""
        return self._worker.call(self.cache.find, attachment)

    async def look_at(self, attachments: Iterable[Attachment]) -> None:
        """Learn sizes, and make small pictures, one after the other; what is known already is left out."""
        wanted = [a for a in attachments if a.storage is not Storage.LINK]
        unknown = []
        for attachment in wanted:
            if self._needs_picture(attachment) or self.size(attachment) is None:
                await self._look_into_cache(attachment)
            if self.size(attachment) is None and not self._needs_picture(attachment):
                unknown.append(attachment)
        try:
            await self._ask_for_sizes([a for a in unknown if a.code not in self.known])
            for attachment in wanted:
                if self._needs_picture(attachment):
                    await self._make_picture(attachment)
        except ConnectionFailed:
            return  # whoever needs the server is told; here the next look will try again

    async def picture_of(self, attachment: Attachment) -> QPixmap:
        """Return the small picture of an attachment. Raises what fetching and decoding raise."""
        found = self.thumbnail(attachment)
        if found is None:
            kept = await self._worker.call(_kept, self.cache, attachment)
            image = kept.picture
            if image.isNull():
                file = kept.file or await self.fetch(attachment)
                self.note(attachment, file)
                image = await self._made(attachment, file)
            found = self._keep(attachment, image)
        return found

    def _needs_picture(self, attachment: Attachment) -> bool:
        code = attachment.code
        if code in self._pictures or code in self._failed:
            return False
        media_type = self.known[code].media_type if code in self.known else ""
        size = self.size(attachment)
        if size is not None and size > MOST_FOR_THUMBNAIL and not media_type:  # not here, and too large
            return False
        return media_type.startswith("image/") if media_type else looks_like_picture(attachment)

    async def _look_into_cache(self, attachment: Attachment) -> None:
        kept = await self._worker.call(_kept, self.cache, attachment)
        if not kept.picture.isNull():
            self._keep(attachment, kept.picture)
        if kept.file is not None:
            self.note(attachment, kept.file)

    async def _make_picture(self, attachment: Attachment) -> None:
        before = self._times_forgotten
        try:
            file = await self.fetch(attachment, most=MOST_FOR_THUMBNAIL)
            self.note(attachment, file)
            image = await self._made(attachment, file)
        except (Cancelled, ConnectionFailed):
            raise
        except LargerThanAllowed as error:
            self._failed.add(attachment.code)
            self._learn(attachment, FileFacts(error.size))
        except ItkError:  # told to whoever chooses the file
            if before == self._times_forgotten:  # else it may be a file that is kept no more
                self._failed.add(attachment.code)
        else:
            self._keep(attachment, image)

    def _made(self, attachment: Attachment, file: BinaryFile) -> Call[QImage]:
        make = partial(_made, self.cache, self._decoders, attachment, file)
        return self._worker.call(make, lane=Lane.DECODING)

    async def _ask_for_sizes(self, attachments: list[Attachment]) -> None:
        if not attachments:
            return
        urls = await self._worker.call(self._database.fresh_urls, attachments)
        for attachment in attachments:
            ask = partial(self._database.attachment_size, attachment, url=urls.get(attachment.code, ""))
            try:
                size = await self._worker.call(ask)
            except (Cancelled, ConnectionFailed):
                raise
            except ItkError:  # told to whoever chooses the file
                size = None
            self._learn(attachment, FileFacts(size))

    def _learn(self, attachment: Attachment, facts: FileFacts) -> None:
        if self.known.get(attachment.code) != facts:
            self.known[attachment.code] = facts
            self.learned.emit(attachment.code)

    def _keep(self, attachment: Attachment, image: QImage) -> QPixmap:
        picture = QPixmap.fromImage(image)
        self._pictures[attachment.code] = picture
        while len(self._pictures) > _MOST_KEPT:
            self._pictures.popitem(last=False)
        self.learned.emit(attachment.code)
        return picture


def _kept(cache: FileCache, attachment: Attachment) -> _Kept:
    return _Kept(QImage(str(cache.thumbnail(attachment))), cache.find(attachment))


def _made(cache: FileCache, decoders: Decoders, attachment: Attachment, file: BinaryFile) -> QImage:
    """Return a picture made small, and keep it; runs on the worker."""
    image = painted(
        decoders.run(thumbnail, file, THUMBNAIL_SIDE, is_awaited=False)
    ).copy()  # not the decoder's bytes
    path = cache.new_thumbnail(attachment)
    if not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        path.unlink(missing_ok=True)  # the disk is full, and a part of it would be taken for all later
    return image
