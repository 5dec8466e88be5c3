"""What is told to somebody who is about to leave work that is not done, or to end that of another."""

from __future__ import annotations

from collections.abc import Iterable

from itkgui.item_models.upload_words import needs_person, stays_paused
from itkgui.language import _, ngettext
from itkgui.uploads.upload import Upload, UploadState

_ON_THEIR_WAY = (UploadState.SENDING, UploadState.CHECKING)  # though the queue is paused


def leaving_texts(uploads: Iterable[Upload], *, are_kept: bool, are_all_paused: bool = False) -> list[str]:
    """Return what becomes of uploads that have not ended; a sentence for each kind of them that there is.

    ``are_kept`` tells whether the next sign-in finds them again, ``are_all_paused`` whether the queue rests.
    """
    rows = [upload for upload in uploads if upload.state.is_open]
    waiting = sum(map(needs_person, rows))
    resting = [row for row in rows if stays_paused(row, are_all_paused=are_all_paused)]
    paused = sum(are_kept or row.state not in _ON_THEIR_WAY for row in resting)
    running = len(rows) - waiting - paused
    if are_kept:
        goes_on = ngettext(
            "{count:,} upload goes on after your next sign-in: nothing of it is lost.",
            "{count:,} uploads go on after your next sign-in: nothing of it is lost.",
            running,
        )
        rests = ngettext(
            "{count:,} upload is paused, and stays so until it is resumed: nothing of it is lost.",
            "{count:,} uploads are paused, and stay so until they are resumed: nothing of it is lost.",
            paused,
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
        rests = ngettext(
            "{count:,} upload is paused, and is not kept.",
            "{count:,} uploads are paused, and are not kept.",
            paused,
        )
        waits = ngettext(
            "{count:,} upload waits for somebody to do something, and is not kept.",
            "{count:,} uploads wait for somebody to do something, and are not kept.",
            waiting,
        )
    said = ((running, goes_on), (paused, rests), (waiting, waits))
    return [sentence.format(count=count) for count, sentence in said if count]


def unsent_texts(reviewed: str, drafts: str, whose: str) -> list[str]:
    """Return what was begun and not sent: files for what ``reviewed`` names, comments on ``drafts``.

    ``whose`` names the person for somebody who may be another; it is empty for that person.
    """
    said = []
    if reviewed:
        waiting = _("Files for {names} are under review and not sent yet.")
        if whose:
            waiting = _("Files of {who} for {names} are under review and not sent yet.")
        said.append(waiting.format(who=whose, names=reviewed))
    if drafts:
        begun = _("A comment on {names} was begun and not sent.")
        if whose:
            begun = _("A comment of {who} on {names} was begun and not sent.")
        said.append(begun.format(who=whose, names=drafts))
    return said


def lost_texts(*, are_added: bool, are_watched: bool, are_drafts: bool, whose: str) -> list[str]:
    """Return what becomes of it: nothing of it is kept.

    Of the files under review some may have been added, and some be from the watched folder.
    """
    said = []
    if are_added and are_watched and whose:
        text = _(
            "The review is not kept: none of its files is sent. Those of the watched folder are offered "
            "again, the others {who} has to add again."
        )
        said.append(text.format(who=whose))
    elif are_added and are_watched:
        said.append(
            _(
                "The review is not kept: none of its files is sent. Those of the watched folder are offered "
                "again, the others have to be added again."
            )
        )
    elif are_watched:
        said.append(
            _(
                "The review is not kept: none of its files is sent. They are in the watched folder, and "
                "offered again."
            )
        )
    elif are_added and whose:
        text = _("The review is not kept: none of its files is sent, and {who} has to add them again.")
        said.append(text.format(who=whose))
    elif are_added:
        said.append(_("The review is not kept: none of its files is sent, and they have to be added again."))
    if are_drafts:
        said.append(_("What was written of a comment is not kept."))
    return said
