"""Commands about comments on components and test runs (API reference §5.4, §5.6)."""

from __future__ import annotations

from dataclasses import replace

from itkgui.sandbox import dates
from itkgui.sandbox.commands.command_table import Call, Command, Json, keys
from itkgui.sandbox.commands.finding import Finder
from itkgui.sandbox.errors import CommandError
from itkgui.sandbox.ledger.ledger import Entity
from itkgui.sandbox.records import Comment, OwnerKind
from itkgui.sandbox.roles import not_authorized
from itkgui.sandbox.world import World
from itkgui.sandbox.writers.raw_json import RawWriter


def commands(world: World, finder: Finder, writer: RawWriter) -> tuple[Command, ...]:
    """Return the commands of this module."""
    declared = []
    for kind, name in ((OwnerKind.COMPONENT, "Component"), (OwnerKind.TEST_RUN, "TestRun")):
        comments = _Comments(world, finder, writer, kind, name)
        owner = kind.value
        declared += [
            Command(
                f"create{name}Comment", keys(f"{owner}*:text comments*:texts"), comments.create, read=False
            ),
            Command(
                f"update{name}Comment",
                keys(f"{owner}*:text code*:text comment*:text"),
                comments.update,
                read=False,
            ),
            Command(f"delete{name}Comment", keys(f"{owner}*:text code*:text"), comments.delete, read=False),
        ]
    return tuple(declared)


class _Comments:
    """The commands for one kind of owner; a comment is changed by whoever wrote it."""

    def __init__(self, world: World, finder: Finder, writer: RawWriter, kind: OwnerKind, name: str) -> None:
        self._world = world
        self._finder = finder
        self._writer = writer
        self._kind = kind
        self._name = name

    def create(self, call: Call) -> Json:
        owner = self._finder.owner(f"create{self._name}Comment", self._kind, call.text(self._kind.value))
        time, ledger = dates.now(), self._world.ledger
        added = tuple(
            Comment(ledger.new_id(time), time, call.caller.identity, text) for text in call.texts("comments")
        )
        return self._write(owner, (*owner.comments, *added), time)

    def update(self, call: Call) -> Json:
        command = f"update{self._name}Comment"
        owner, old = self._old(call, command)
        new = replace(old, text=call.text("comment"))
        return self._write(
            owner, tuple(new if entry is old else entry for entry in owner.comments), dates.now()
        )

    def delete(self, call: Call) -> Json:
        owner, old = self._old(call, f"delete{self._name}Comment")
        return self._write(owner, tuple(entry for entry in owner.comments if entry is not old), dates.now())

    def _old(self, call: Call, command: str) -> tuple[Entity, Comment]:
        owner = self._finder.owner(command, self._kind, call.text(self._kind.value))
        old = next((entry for entry in owner.comments if entry.code == call.text("code")), None)
        if old is None:
            raise CommandError(f"{command}/commentDoesNotExist", "Comment does not exist.")
        if old.identity != call.caller.identity:
            raise not_authorized("The comment is somebody else's.")
        return owner, old

    def _write(self, owner: Entity, comments: tuple[Comment, ...], time: int) -> Json:
        written = self._world.ledger.write(owner, time, comments=comments)
        return self._writer.answer(written)
