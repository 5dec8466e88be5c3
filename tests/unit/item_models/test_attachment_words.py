"""What is told of an attachment above its preview."""

from __future__ import annotations

from typing import Any

import pytest

from itkgui.item_models.attachment_words import facts_of
from itkgui.records.attachment import Attachment, Owner, OwnerKind

COMPONENT = Owner(OwnerKind.COMPONENT, "c0de", "20UPGM22110394")
RUN = Owner(OwnerKind.TEST_RUN, "0" * 24, "IV, run 1")


def attachment(owner: Owner = COMPONENT, **data: Any) -> Attachment:
    return Attachment.from_json({"code": "c", "filename": "iv.csv", "type": "file", **data}, owner)


def test_each_line_has_its_subject() -> None:
    told = attachment(
        RUN, user={"firstName": "Alex", "lastName": "Example"}, title="iv.csv", description="cold"
    )
    assert facts_of(told, 1500, "text/csv") == [
        "1.5 kB  ·  text/csv  ·  kept in ITkPD",
        "Alex Example  ·  from IV, run 1",
        "cold",
    ]


@pytest.mark.parametrize(("kind", "kept"), [("eos", "  ·  kept in EOS"), ("link", "")])
def test_what_is_not_known_takes_no_room(kind: str, kept: str) -> None:
    name = "link" if kind == "link" else "text or table"
    assert facts_of(attachment(type=kind), None, "") == [name + kept]


def test_words_are_told_once() -> None:
    assert facts_of(attachment(title="A curve", description="A curve"), 0, "text/csv")[1:] == ["A curve"]
