"""The shapes of what can be written: plain values only, so that they can be kept as JSON.

Times are milliseconds since 1970, people are user identities, parts and places the catalogue's numbers.
In the classes named …Changes, None means: as the sample data have it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class OwnerKind(str, Enum):
    """What attachments and comments can hang on; the value is the name of the key in commands."""

    COMPONENT = "component"
    TEST_RUN = "testRun"
    SHIPMENT = "shipment"
    BATCH = "batch"


@dataclass(frozen=True)
class Attachment:
    """One entry of an attachment list; `sample` names the generator of its bytes, if it was not uploaded."""

    code: str
    title: str
    description: str
    filename: str
    content_type: str | None
    type: str
    time: int
    identity: str
    sample: str = ""
    url: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Passage:
    """One line of a stage history."""

    stage: str
    time: int
    identity: str
    rework: bool = False
    comment: str | None = None


@dataclass(frozen=True)
class Comment:
    """A remark on a component, test run, shipment or batch."""

    code: str
    time: int
    identity: str
    text: str


@dataclass(frozen=True)
class Mark:
    """A flag with when, by whom and why it was last set."""

    value: bool
    time: int
    identity: str
    reason: str | None = None


@dataclass(frozen=True)
class Grade:
    """One grading; the last one counts."""

    grade: str
    time: int
    identity: str
    comment: str | None = None


@dataclass(frozen=True)
class Setting:
    """The value of a property, and who set it when; neither is known for what was given at registration."""

    value: Any
    time: int | None = None
    identity: str | None = None


@dataclass(frozen=True)
class Move:
    """An arrival at an institution."""

    place: int
    time: int
    identity: str


@dataclass(frozen=True)
class Departure:
    """A child that was taken out of a slot again."""

    child: int
    time: int
    identity: str


@dataclass(frozen=True)
class Slot:
    """A place for a child of one component type ("P/PCB"); the time is when the child was put in."""

    order: int
    kind: str
    child: int | None = None
    time: int | None = None
    identity: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    history: tuple[Departure, ...] = ()


@dataclass(frozen=True)
class State:
    """Ready, requestedToDelete or deleted."""

    code: str
    time: int
    identity: str


@dataclass(frozen=True)
class Registration:
    """What the skeleton of a component registered here is made of; `kind` is such as "P/MODULE"."""

    kind: str
    variant: str
    subproject: str
    serial: str | None
    owner: int
    identity: str
    time: int
    dummy: bool = False


@dataclass(frozen=True)
class ComponentChanges:
    """What was written about one component."""

    registration: Registration | None = None
    stages: tuple[Passage, ...] | None = None
    properties: dict[str, Setting] | None = None
    slots: tuple[Slot, ...] | None = None
    parents: tuple[int, ...] | None = None
    state: State | None = None
    completed: Mark | None = None
    trashed: Mark | None = None
    reworked: Mark | None = None
    flags: tuple[str, ...] = ()
    grades: tuple[Grade, ...] = ()
    comments: tuple[Comment, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    locations: tuple[Move, ...] | None = None
    batches: tuple[int, ...] | None = None
    writes: int = 0
    modified: int = 0


@dataclass(frozen=True)
class TestRunUpload:
    """What the outline of an uploaded test run is made of; `test` is such as "P/MODULE/IV_MEASURE"."""

    __test__ = False  # keeps pytest from taking the class for a test

    component: int
    test: str
    stage: str
    date: int
    uploaded: int
    passed: bool
    problems: bool
    place: int
    identity: str
    run_number: str


@dataclass(frozen=True)
class Values:
    """The content of one test run.

    `orphans` are results whose parameter the test type no longer has; `of_children` has, for parameters of
    value type "child", a value for each part in it, by its number (as text: JSON knows no other keys).
    """

    results: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, Any] = field(default_factory=dict)
    defects: tuple[dict[str, Any], ...] = ()
    orphans: dict[str, Any] = field(default_factory=dict)
    of_children: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class TestRunChanges:
    """What was written about one test run."""

    __test__ = False  # keeps pytest from taking the class for a test

    upload: TestRunUpload | None = None
    state: State | None = None
    values: Values | None = None
    comments: tuple[Comment, ...] | None = None
    attachments: tuple[Attachment, ...] | None = None
    writes: int = 0
    modified: int = 0


@dataclass(frozen=True)
class ShipmentStep:
    """One line of a shipment's history."""

    status: str
    time: int
    identity: str


@dataclass(frozen=True)
class Shipment:
    """Parts on their way from one institution to another; `missing` are items that were not delivered."""

    number: int
    name: str
    sender: int
    recipient: int
    type: str
    items: tuple[int, ...]
    identity: str
    created: int
    history: tuple[ShipmentStep, ...]
    tracking: str | None = None
    service: str | None = None
    missing: tuple[int, ...] = ()
    checklist: dict[str, Any] | None = None
    state: State | None = None
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    writes: int = 0
    modified: int = 0

    @property
    def kind(self) -> OwnerKind:
        return OwnerKind.SHIPMENT

    @property
    def status(self) -> str:
        return self.history[-1].status

    @property
    def is_open(self) -> bool:
        """Whether it has neither arrived nor been deleted."""
        return self.state is None and self.status in ("prepared", "inTransit")


@dataclass(frozen=True)
class Batch:
    """Parts that belong together, under a number that people give."""

    number: int
    name: str
    project: str
    type: str
    components: tuple[int, ...]
    place: int
    identity: str
    created: int
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    writes: int = 0
    modified: int = 0

    @property
    def kind(self) -> OwnerKind:
        return OwnerKind.BATCH
