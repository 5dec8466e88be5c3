"""The database as its users see it: one method for each thing a person can do, records in and out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from itkgui.client.attachments import AttachmentService, NewAttachment
from itkgui.client.cache_options import CacheOptions
from itkgui.client.client import Client
from itkgui.client.comment_calls import CommentCalls
from itkgui.client.credentials import Credentials
from itkgui.client.downloads import Told
from itkgui.client.exceptions import ItkError, SessionExpired, TokenRefused
from itkgui.client.files import BinaryFile
from itkgui.client.history_calls import HistoryCalls
from itkgui.client.queries import ComponentQuery, FoundComponent, LookedUp, Page
from itkgui.client.sending import AttachmentSender
from itkgui.client.test_run_calls import RUNS_PER_CALL, OpenedComponent
from itkgui.records.attachment import Attachment, Owned, Owner, OwnerKind, Storage, owner_of
from itkgui.records.people import User
from itkgui.settings import Settings

__all__ = [
    "ComponentQuery",
    "FoundComponent",
    "LookedUp",
    "NewAttachment",
    "OpenedComponent",
    "Page",
    "ProductionDatabase",
]

log = logging.getLogger(__name__)


class ProductionDatabase(HistoryCalls, CommentCalls):
    """A signed-in user's database; made by ``sign_in``, safe to share between threads.

    Its methods stand in groups, a module for each: components, test runs, shipments, definitions, history,
    comments, and here the session and the attachments.

    Every method blocks, and obeys the Transfer its thread runs (``transfer.running``). Beyond what a method
    names, each may raise Cancelled, ConnectionFailed, SignInFailed or AnswerError, never anything else.
    """

    def __init__(self, client: Client, user: User) -> None:
        super().__init__(client)
        self.settings = client.settings
        self.user = user
        self.client = client  # for commands that no method here stands for
        self.files = AttachmentService(client)  # this and the next for whoever goes step by step
        self.sender = AttachmentSender(client, self.files)

    @classmethod
    def sign_in(
        cls,
        settings: Settings | None = None,
        credentials: Credentials | None = None,
        *,
        cache: CacheOptions | None = None,
        token_file: Path | str | None = None,
    ) -> ProductionDatabase:
        """Sign in and read who one is; an opaque bearer, which names nobody, gives a nameless user.

        Settings and access codes come from the environment where they are not given, as for Client. Raises
        AccessCodesMissing, AccessCodesWrong, TokenRefused, ClockWrong.
        """
        client = Client(settings, credentials, cache=cache, token_file=token_file)
        try:
            identity = client.sign_in()
            try:
                if identity.uuidentity:
                    user = User.from_json(client.get("getUser", {"userIdentity": identity.uuidentity}))
                else:
                    client.get("listProjects")  # the only way to learn whether the token is good
                    user = User.from_json({})
            except SessionExpired as error:
                raise TokenRefused(error.detail) from error
        except ItkError:
            client.close()
            raise
        log.info("signed in, session ends %s", identity.expires)
        return cls(client, user)

    def sign_in_again(self, credentials: Credentials) -> None:
        """Go on with this session, which has ended or will, by credentials of the same person.

        Raises SomebodyElse for another's, and what ``sign_in`` raises; then all stays as it is.
        """
        self._client.authenticator.change(credentials)
        log.info("signed in again, session ends %s", self.session_ends)

    def sign_out(self) -> None:
        """Forget the tokens and what was kept of answers; every later call raises SessionExpired."""
        self._client.sign_out()

    def close(self) -> None:
        """Close the connections and forget the tokens; what was kept of answers stays for the next time."""
        self._client.close()

    def __enter__(self) -> ProductionDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def is_session_good(self) -> bool:
        """Ask for next to nothing to learn whether the server takes the session; False if it is away."""
        try:
            self._client.get("listProjects", refresh=True)
        except ItkError as error:
            log.info("the session is not taken: %s", error)
            return False
        return True

    @property
    def account(self) -> str:
        """By what one account is told from another, though nobody may know whose it is."""
        return self.user.identity or self._client.account

    @property
    def session_ends(self) -> datetime | None:
        """When the present token ends (UTC); with access codes it is renewed before. None if unknown."""
        return self._client.identity.expires

    def attachments(self, target: Owner | Owned) -> tuple[Attachment, ...]:
        """Return the attachments that the server holds for a component, test run or shipment now.

        Raises ComponentNotFound or TestRunNotFound.
        """
        return self.files.of(owner_of(target))

    def fresh_urls(self, attachments: Iterable[Attachment]) -> dict[str, str]:
        """Return addresses on EOS that work without signing in, by attachment code, for 5 minutes.

        Those that are not on EOS, or not there any more, have none. One round of requests: one for each
        component and shipment, and one for many test runs.
        """
        wanted = [found for found in attachments if found.storage is Storage.EOS]
        owners = dict.fromkeys(found.owner for found in wanted)
        runs = [owner.key for owner in owners if owner.kind is OwnerKind.TEST_RUN]
        bundles = [runs[start : start + RUNS_PER_CALL] for start in range(0, len(runs), RUNS_PER_CALL)]
        listed: list[Iterable[Attachment]] = self._together(
            *(
                partial(self.files.of, owner, with_eos_tokens=True)
                for owner in owners
                if owner.kind is not OwnerKind.TEST_RUN
            ),
            *(partial(self._urls_of_runs, bundle) for bundle in bundles),
        )
        urls = {found.code: found.url for entries in listed for found in entries}
        return {found.code: urls[found.code] for found in wanted if found.code in urls}

    def _urls_of_runs(self, run_ids: Sequence[str]) -> list[Attachment]:
        runs = self._run_bundle(run_ids, with_eos_tokens=True)
        return [attachment for run in runs for attachment in run.attachments]

    def download(self, attachment: Attachment, folder: Path | str, *, most: int | None = None) -> BinaryFile:
        """Fetch an attachment into a folder, where it appears when it is whole; the bytes decide its class.

        Progress goes to the thread's Transfer. Raises TransferIncomplete, ChecksumMismatch, RedirectRefused,
        FileNotWritten, LinkOnly for an attachment that is a link and has no bytes, and LargerThanAllowed for
        one of more than ``most`` bytes, if that is given.
        """
        return self.files.download(attachment, Path(folder), most)

    def attachment_size(self, attachment: Attachment, *, url: str = "") -> int | None:
        """Return how many bytes an attachment has; None for a link, and where no server tells.

        No list tells it, so its server is asked; ``url`` saves a request for one on EOS, see ``fresh_urls``.
        Raises RedirectRefused, NotFound.
        """
        told = attachment.size
        return told if told is not None else self.files.told(attachment, url).size

    def attachment_told(self, attachment: Attachment, *, url: str = "") -> Told:
        """Return size and, of what is on EOS, the checksum of an attachment, as its server tells them now.

        Of a link nothing is told. ``url`` and what is raised are those of ``attachment_size``.
        """
        return self.files.told(attachment, url)

    def attach(self, target: Owner | Owned, new: NewAttachment) -> Attachment:
        """Send a file to a component, test run or shipment, read it back, and return the entry shown for it.

        Progress of the sending goes to the thread's Transfer. Raises NotReadBack or ChecksumMismatch if the
        server does not hold what was sent, TransferFailed, FileProblem. If the bytes do not reach EOS, the
        entry made for them is deleted again; ``detail`` says so where that failed. A cancel leaves nothing
        either, unless it comes while the database's answer to the file is still awaited.
        """
        return self.sender.attach(owner_of(target), new)

    def delete_attachment(self, attachment: Attachment) -> None:
        """Delete an attachment, and its bytes on EOS, unless somebody has done so already.

        If only the bytes could not be deleted, ``left_behind`` of what is raised says so.
        """
        self.files.delete(attachment)
