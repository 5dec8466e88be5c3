"""The table of attachments: what it tells of each, in groups, filtered by kind and place."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from itkgui.item_models.attachment_table import (
    FILE,
    FROM,
    SIZE,
    STAGE,
    TYPE,
    AttachmentTable,
    FileFacts,
    Grouping,
    kind_icon,
    looks_like_picture,
)
from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.attachment_list import provenances, uses_of
from itkgui.records.test_run import TestRun

SERIAL = "20UPGM23800001"
COMPONENT = Owner(OwnerKind.COMPONENT, "c" * 32, SERIAL)
SHIPMENT = Owner(OwnerKind.SHIPMENT, "5" * 24, "Box 7")


def run(number: int, stage: str, test: str = "IV", **fields: Any) -> TestRun:
    return TestRun.from_json(
        {
            "id": f"{number:024}",
            "state": "ready",
            "runNumber": str(number),
            "testType": {"code": test, "name": test},
            "components": [{"testedAtStage": {"code": stage, "name": stage}}],
            **fields,
        }
    )


RUNS = (
    run(10, "Bonding", attachments=[{"code": "r10", "filename": "iv.csv", "type": "file"}]),
    run(2, "Glueing", attachments=[{"code": "r2", "filename": "iv.png", "type": "eos"}]),
    run(3, "Bonding", "PULL", attachments=[{"code": "r3", "filename": "pull.txt", "type": "file"}]),
)


def attachment(code: str, name: str, owner: Owner = COMPONENT, **fields: Any) -> Attachment:
    return Attachment.from_json({"code": code, "filename": name, "type": "file", **fields}, owner)


ALL = (
    attachment("s", "packing.pdf", SHIPMENT),
    *(found for each in RUNS for found in each.attachments),
    attachment("c", "module.jpg"),
    attachment("l", "", type="link", title="https://elog.example.org"),
)


@pytest.fixture
def table() -> AttachmentTable:
    made = AttachmentTable({"r2": FileFacts(1500, "image/png"), "r3": FileFacts(None)})
    made.set_origins(provenances(ALL, SERIAL, RUNS))
    made.replace(ALL)
    return made


def codes(table: AttachmentTable) -> str:
    return " ".join(found.code for found in table.shown)


def text(table: AttachmentTable, code: str, column: int) -> str:
    row = table.row_where(lambda found: found.code == code)
    return str(table.index(row, column).data())


def test_each_row_tells_what_is_known(table: AttachmentTable) -> None:
    assert [text(table, "r2", column) for column in (FILE, SIZE, TYPE, FROM, STAGE)] == [
        "iv.png",
        "1.5 kB",
        "image/png",
        "IV, run 2",
        "Glueing",
    ]
    assert [text(table, code, SIZE) for code in ("r3", "c")] == [
        "unknown",
        "",
    ]  # asked in vain, not asked yet
    assert [text(table, code, TYPE) for code in ("c", "l")] == ["picture", "link"]


@pytest.mark.parametrize(
    ("grouping", "order", "headings"),
    [
        (Grouping.NONE, "s r10 r2 r3 c l", {}),
        (
            Grouping.ORIGIN,
            "c l r2 r10 r3 s",
            {
                0: f"Component {SERIAL} (2)",
                2: "IV, run 2  ·  Glueing (1)",
                3: "IV, run 10  ·  Bonding (1)",
                4: "PULL, run 3  ·  Bonding (1)",
                5: "Box 7 (1)",
            },
        ),
        (
            Grouping.TEST_TYPE,
            "c l r10 r2 r3 s",
            {0: f"Component {SERIAL} (2)", 2: "IV (2)", 4: "PULL (1)", 5: "Box 7 (1)"},
        ),
        (
            Grouping.STAGE,
            "c l r10 r3 r2 s",
            {0: f"Component {SERIAL} (2)", 2: "Bonding (2)", 4: "Glueing (1)", 5: "Box 7 (1)"},
        ),
        (
            Grouping.KIND,
            "r2 c r10 r3 s l",
            {0: "Picture (2)", 2: "Text or table (2)", 4: "PDF (1)", 5: "Link (1)"},
        ),
    ],
)
def test_groups(table: AttachmentTable, grouping: Grouping, order: str, headings: dict[int, str]) -> None:
    table.set_grouping(grouping)
    assert codes(table) == order
    assert table.headings() == headings


def test_sorting_is_within_the_groups(table: AttachmentTable) -> None:
    table.set_grouping(Grouping.TEST_TYPE)
    table.sort(FILE, Qt.SortOrder.DescendingOrder)
    assert codes(table) == "c l r2 r10 r3 s"
    table.set_grouping(Grouping.NONE)
    assert codes(table) == "r3 s c r2 r10 l"


def test_kinds_places_and_words_narrow_the_list_together(table: AttachmentTable) -> None:
    table.set_wanted(frozenset(("image", "text")), frozenset())
    assert codes(table) == "r10 r2 r3 c"
    table.set_wanted(frozenset(("image", "text")), frozenset(("file",)))
    assert codes(table) == "r10 r3 c"
    table.set_filter("bonding")
    assert codes(table) == "r10 r3"
    table.set_grouping(Grouping.ORIGIN)
    assert set(table.headings()) == {0, 1}
    table.set_wanted(frozenset(), frozenset())
    table.set_filter("")
    assert len(table.shown) == len(ALL)


def test_headings_of_nothing(table: AttachmentTable) -> None:
    table.set_grouping(Grouping.ORIGIN)
    table.replace(())
    assert table.headings() == {}


def test_folders_by_stage_test_and_run() -> None:
    found = provenances(ALL, SERIAL, RUNS)
    assert [found[owner].folders for owner in (COMPONENT, RUNS[0].owner, SHIPMENT)] == [
        (SERIAL,),
        (SERIAL, "Bonding", "IV", "run 10"),
        (SERIAL, "shipment Box 7"),
    ]
    unknown = provenances(ALL, SERIAL)[RUNS[0].owner]
    assert unknown.folders == (SERIAL, "no stage", "no test type", "IV, run 10")


def test_place_tells_runs_of_one_kind_apart() -> None:
    found = provenances(ALL, SERIAL, RUNS)
    assert found[COMPONENT].place == SERIAL
    assert found[RUNS[0].owner].place == f"{RUNS[0].owner.label} at {RUNS[0].stage.label} of {SERIAL}"
    assert provenances(ALL, SERIAL)[RUNS[0].owner].place == f"{RUNS[0].owner.label} of {SERIAL}"


def test_where_else_an_attachment_is_used() -> None:
    picture = RUNS[1].attachments[0]
    names_it = run(
        4, "Bonding", "LOOK", results=[{"code": "P", "name": "Photo", "value": "r2", "dataType": "image"}]
    )
    holds_it = run(5, "Bonding", "COPY", attachments=[{"code": "r2", "type": "eos"}])
    gone = run(6, "Bonding", "GONE", attachments=[{"code": "r2"}], state="deleted")
    assert uses_of(picture, (*RUNS, names_it, holds_it, gone)) == (
        "the result “Photo” of LOOK, run 4",
        "COPY, run 5",
    )
    assert uses_of(picture, RUNS) == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("A.JPG", "image"), ("x.cr2", "image"), ("log", "file"), ("a.pdf", "document")],
)
def test_kind_by_name(name: str, kind: str) -> None:
    assert kind_icon(attachment("a", name)) == kind


def test_picture_by_what_the_server_says() -> None:
    assert looks_like_picture(attachment("a", "photo", contentType="image/jpeg"))
    assert not looks_like_picture(attachment("a", "photo"))
