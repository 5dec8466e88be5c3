"""The production database on the wire: finds the command, checks caller and keys, words the answer."""

from __future__ import annotations

import urllib.parse

from itkgui.sandbox.commands import (
    assembly_commands,
    attachment_commands,
    batch_commands,
    comment_commands,
    component_change_commands,
    component_commands,
    registration_commands,
    shipment_commands,
    structure_commands,
    test_run_commands,
    type_commands,
    upload_commands,
)
from itkgui.sandbox.commands.command_table import Call, Command, Json, check, from_form
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.identity_provider import Caller, IdentityProvider, InvalidTokenError
from itkgui.sandbox.wire.answers import WEB_PAGE, web_page
from itkgui.sandbox.wire.messages import Request, Response
from itkgui.sandbox.wire.multipart import Form, UploadedFile, read_form
from itkgui.sandbox.wire.strict_json import read_object
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.component_json import ComponentWriter
from itkgui.sandbox.writers.raw_json import RawWriter
from itkgui.sandbox.writers.shipment_json import BatchWriter, ShipmentWriter
from itkgui.sandbox.writers.test_run_json import TestRunWriter

_LARGEST_JSON = 32 * 1024 * 1024


class ProductionDatabase:
    """Answers `<host>/<command>`; safe to call from many threads."""

    def __init__(self, world: World, identities: IdentityProvider) -> None:
        self._world = world
        self._identities = identities
        self._commands = {command.name: command for command in _declare(world)}

    def answer(self, request: Request) -> Response:
        command = self._commands.get(request.path.strip("/"))
        allowed = ("GET", "POST", "HEAD") if command is None or command.read else ("POST",)
        if command is None or request.method not in allowed:
            # An unknown route shows the web application, with status 200 (API reference §3.3).
            return web_page(WEB_PAGE)
        try:
            return self._run(command, request)
        except CommandError as error:
            return Response.json({"uuAppErrorMap": error.error_map}, error.status)

    def _run(self, command: Command, request: Request) -> Response:
        caller = self._caller(request)
        given, form = self._read(command, request)
        try:
            result, warnings = self._call(command, caller, given, form.files.get("data"))
        finally:
            form.discard()
        if isinstance(result, Response):
            return result
        response = Response.json(result | {"uuAppErrorMap": warnings})
        if command.read:
            response.headers.append(("cache-control", "max-age=60, private"))
        return response

    def _call(
        self, command: Command, caller: Caller, given: Json, file: UploadedFile | None
    ) -> tuple[Json | Response, Json]:
        """Return the answer and the warnings. Writes get in one at a time."""
        accepted, problems = check(command, given, file is not None)
        call = Call(caller, accepted, problems, file)
        if command.read:
            return command.function(call), problems.warnings
        self._world.roles.need_membership(caller.identity)
        with self._world.ledger.writing():
            return command.function(call), problems.warnings

    def _caller(self, request: Request) -> Caller:
        try:
            return self._identities.verify(request.bearer)
        except InvalidTokenError as error:
            # Never recorded; the code is what clients look for (API reference §2.4, §9).
            raise CommandError("uu-oidc/invalidToken", "The token is not valid.", 401) from error

    def _read(self, command: Command, request: Request) -> tuple[Json, Form]:
        """Return the query and the body as one: keys of the body win (API reference §1.2)."""
        given = from_form(command, request.query)
        if request.content_type == "multipart/form-data":
            boundary = request.headers.get_boundary() or ""
            form = read_form(request.body, boundary, self._world.storage.incoming)
            if not command.takes_file:
                form.discard()
            return given | from_form(command, {name: [text] for name, text in form.fields.items()}), form
        body = request.body.whole(_LARGEST_JSON)
        if request.content_type == "application/x-www-form-urlencoded":
            pairs = urllib.parse.parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
            return given | from_form(command, pairs), Form()
        return given | read_object(body), Form()


def _declare(world: World) -> tuple[Command, ...]:
    """Return all commands, one module for each section of the API."""
    finder = Finder(world)
    components = ComponentWriter(world)
    shipments = ShipmentWriter(world, components)
    batches = BatchWriter(world, components)
    raw = RawWriter(world, components, shipments, batches)
    return (
        *structure_commands.commands(world),
        *type_commands.commands(world, finder),
        *component_commands.commands(world, components),
        *registration_commands.commands(world, finder, raw),
        *assembly_commands.commands(world, finder, raw),
        *component_change_commands.commands(world, finder, raw),
        *comment_commands.commands(world, finder, raw),
        *test_run_commands.commands(world, finder, TestRunWriter(world, components)),
        *upload_commands.commands(world, finder, raw),
        *attachment_commands.commands(world, finder, raw),
        *shipment_commands.commands(world, finder, shipments),
        *batch_commands.commands(world, finder, batches),
    )
