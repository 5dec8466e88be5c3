"""The database as its users see it: one method for each thing a person can do, records in and out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Generic, TypeVar

from itkgui.client.attachments import AttachmentService, NewAttachment
from itkgui.client.auth import Credentials
from itkgui.client.client import Client
from itkgui.client.exceptions import ComponentNotFound, ItkError, SessionExpired, TokenRefused
from itkgui.client.files import BinaryFile
from itkgui.records.attachment import Attachment, Owner
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.component_type import ComponentType
from itkgui.records.json_fields import objects, text
from itkgui.records.people import Project, Reference, User
from itkgui.records.serial_number import looks_like_serial_number
from itkgui.records.test_run import TestRun
from itkgui.settings import Settings

__all__ = ["ComponentQuery", "FoundComponent", "NewAttachment", "Page", "ProductionDatabase"]

log = logging.getLogger(__name__)
T = TypeVar("T")

_RUNS_PER_CALL = 50
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class FoundComponent:
    """A component, and what the text that found it is to it: its serial number or code, say."""

    component: Component
    matched_by: str


@dataclass(frozen=True)
class ComponentQuery:
    """What to search components by, each a code; empty fields do not restrict."""

    project: str = ""
    component_type: str = ""
    type: str = ""
    stage: str = ""
    institution: str = ""
    location: str = ""
    state: str = "ready"

    @property
    def filter_map(self) -> dict[str, Any]:
        """The query in the words of listComponents (API reference §5.3 and §9.14).

        An empty list there means "nothing at all", so what is not asked for is left out.
        """
        single = {"project": self.project, "state": self.state}
        several = {
            "componentType": self.component_type,
            "type": self.type,
            "currentStage": self.stage,
            "institute": self.institution,
            "currentLocation": self.location,
        }
        found: dict[str, Any] = {key: value for key, value in single.items() if value}
        return found | {key: [value] for key, value in several.items() if value}


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; ``total`` counts the items of all pages, None where the server does not say."""

    items: tuple[T, ...]
    index: int
    size: int
    total: int | None


class ProductionDatabase:
    """A signed-in user's database; made by ``sign_in``, safe to share between threads.

    Every method blocks, and obeys the Transfer its thread runs (``transfer.running``). Beyond what a method
    names, each may raise Cancelled, ConnectionFailed, SignInFailed or AnswerError, never anything else.
    """

    def __init__(self, client: Client, user: User) -> None:
        self.settings = client.settings
        self.user = user
        self._client = client
        self._attachments = AttachmentService(client)

    @classmethod
    def sign_in(cls, settings: Settings, credentials: Credentials) -> ProductionDatabase:
        """Sign in and read who one is; an opaque bearer, which names nobody, gives a nameless user.

        Raises AccessCodesMissing, AccessCodesWrong, TokenRefused, ClockWrong.
        """
        client = Client(settings, credentials)
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

    def sign_out(self) -> None:
        """Forget the tokens and what was kept of answers; every later call raises SessionExpired."""
        self._client.sign_out()

    @property
    def session_ends(self) -> datetime | None:
        """When the present token ends (UTC); with access codes it is renewed before. None if unknown."""
        return self._client.identity.expires

    def component(self, identifier: str) -> FoundComponent:
        """Find a component by its serial number, alternative identifier or code; blanks around are dropped.

        Raises ComponentNotFound if it is none of these.
        """
        identifier = identifier.strip()
        if not identifier:
            raise ComponentNotFound("no identifier given")
        direct: dict[str, Any] = {"component": identifier}
        alternative: dict[str, Any] = {"component": identifier, "alternativeIdentifier": True}
        # The server finds serial number, code and id by one question, the alternative identifier by another
        # (API reference §5.3): what the text looks like decides which comes first.
        first, second = direct, alternative
        if looks_like_serial_number(identifier):
            direct["component"] = identifier.upper()
        elif not _looks_like_code(identifier):
            first, second = alternative, direct
        try:
            return self._found(first)
        except ComponentNotFound:
            return self._found(second)

    def _found(self, question: Mapping[str, Any]) -> FoundComponent:
        component = Component.from_json(self._client.get("getComponent", {**question, "noEosToken": True}))
        return FoundComponent(component, _matched_by(component, question))

    def reload(self, component: Component) -> Component:
        """Read a component again. Raises ComponentNotFound if it is gone."""
        return Component.from_json(
            self._client.get("getComponent", {"component": component.code, "noEosToken": True})
        )

    def projects(self) -> tuple[Project, ...]:
        return tuple(Project.from_json(item) for item in self._client.pages("listProjects"))

    def component_types(self, project: str) -> tuple[ComponentType, ...]:
        """Return the active component types of a project (by its code), sorted by name."""
        found = map(ComponentType.from_json, self._client.pages("listComponentTypes", {"project": project}))
        active = (kind for kind in found if kind.state == "active")
        return tuple(sorted(active, key=lambda kind: kind.reference.label.casefold()))

    def institutions(self) -> tuple[Reference, ...]:
        """Return all institutions, sorted by code."""
        found = map(Reference.from_json, self._client.pages("listInstitutions"))
        return tuple(sorted(found, key=lambda institution: institution.code))

    def search(self, query: ComponentQuery, page_index: int) -> Page[ComponentSummary]:
        """Return one page of the components that a query describes, newest first; page 0 is the first.

        Pages of a list that changes meanwhile may overlap: tell the rows apart by ``id``.
        """
        pages = self._client.pages("listComponents", {"filterMap": query.filter_map})
        items = tuple(ComponentSummary.from_json(item) for item in pages.page(page_index))
        return Page(items, page_index, pages.size, pages.total)

    def test_runs(self, component: Component) -> tuple[TestRun, ...]:
        """Return the test runs of a component with their results, newest first, deleted ones included."""
        ids = component.test_run_ids
        bundles = [ids[start : start + _RUNS_PER_CALL] for start in range(0, len(ids), _RUNS_PER_CALL)]
        runs = [run for bundle in self._client.each(self._run_bundle, bundles) for run in bundle]
        return tuple(sorted(runs, key=_age, reverse=True))

    def _run_bundle(self, ids: Sequence[str]) -> list[TestRun]:
        answer = self._client.get("getTestRunBulk", {"testRun": list(ids), "noEosToken": True})
        return [TestRun.from_json(item) for item in objects(answer, "itemList")]

    def attachments(self, owner: Owner) -> tuple[Attachment, ...]:
        """Return the attachments that the server holds for a component or test run now.

        Raises ComponentNotFound or TestRunNotFound.
        """
        return self._attachments.of(owner)

    def download(self, attachment: Attachment, folder: Path) -> BinaryFile:
        """Fetch an attachment into a folder, where it appears when it is whole; the bytes decide its class.

        Progress goes to the thread's Transfer. Raises TransferIncomplete, ChecksumMismatch, RedirectRefused,
        FileNotWritten, and LinkOnly for an attachment that is a link and has no bytes.
        """
        return self._attachments.download(attachment, folder)

    def attach(self, owner: Owner, new: NewAttachment) -> Attachment:
        """Send a file, then read it back, and return the entry that the server shows for it.

        Progress of the sending goes to the thread's Transfer. Raises NotReadBack or ChecksumMismatch if the
        server does not hold what was sent, TransferFailed, FileProblem. If the bytes do not reach EOS, the
        entry made for them is deleted again; ``detail`` says so where that failed. Cancelling after all was
        sent leaves the attachment in the database.
        """
        return self._attachments.attach(owner, new)

    def delete_attachment(self, attachment: Attachment) -> None:
        """Delete an attachment, and its bytes on EOS. Raises AnswerError if only the first half was done."""
        self._attachments.delete(attachment)


def _looks_like_code(identifier: str) -> bool:
    """Tell whether a text has the shape of a component's code (32 hex) or id (24 hex)."""
    return len(identifier) in (24, 32) and set(identifier) <= set("0123456789abcdef")


def _matched_by(component: Component, question: Mapping[str, Any]) -> str:
    if "alternativeIdentifier" in question:
        return "alternative identifier"
    return "serial number" if component.serial_number == question["component"] else "code"


def _age(run: TestRun) -> tuple[datetime, str]:
    # Many runs of one day carry the same rounded date; their creation time breaks the tie.
    return run.date or _LONG_AGO, text(run.raw, "cts")
