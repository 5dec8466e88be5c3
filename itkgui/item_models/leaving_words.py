"""What is told of uploads to somebody who is about to leave them."""

from __future__ import annotations

from collections.abc import Iterable

from itkgui.item_models.upload_words import needs_person
from itkgui.language import ngettext
from itkgui.uploads.upload import Upload


def leaving_texts(uploads: Iterable[Upload], *, are_kept: bool) -> list[str]:
    """Return what becomes of uploads that have not ended; a sentence for each kind of them that there is.

    ``are_kept`` tells whether the next sign-in finds them again.
    """
    needing = [needs_person(upload) for upload in uploads if upload.state.is_open]
    waiting, running = sum(needing), len(needing) - sum(needing)
    if are_kept:
        goes_on = ngettext(
            "{count:,} upload goes on after your next sign-in: nothing of it is lost.",
            "{count:,} uploads go on after your next sign-in: nothing of it is lost.",
            running,
        )
        waits = ngettext(
            "{count:,} upload waits for somebody to do something, and stays in the list.",
            "{count:,} uploads wait for somebody to do something, and stay in the list.",
            waiting,
        )
    else:
        goes_on = ngettext(
            "{count:,} upload is still running.", "{count:,} uploads are still running.", running
        )
        waits = ngettext(
            "{count:,} upload waits for somebody to do something, and is not kept.",
            "{count:,} uploads wait for somebody to do something, and are not kept.",
            waiting,
        )
    said = ((running, goes_on), (waiting, waits))
    return [sentence.format(count=count) for count, sentence in said if count]
