"""What speaks against a file on its target."""

from __future__ import annotations

from itkgui.records.attachment import Attachment, Owner, Storage
from itkgui.records.component import Component
from itkgui.uploads.targets import Doubt, Home, Target
from itkgui.uploads.upload_rows import Sending
from tests.unit.uploads.rows import MODULE, RUN


def test_bytes_that_are_there_are_noticed_though_they_went_elsewhere_since() -> None:
    entry = Attachment.from_json({"code": "1", "title": "An IV curve", "type": "file"}, MODULE)
    target = Target(MODULE, "the component", (entry,))
    home = Home("the component", MODULE.key, "", (target,), frozenset())

    def sent(owner: Owner, code: str) -> Sending:
        return Sending(owner, "iv.txt", "An IV curve", Storage.FILE, code, 1e9, "me")

    def found(*sendings: Sending) -> list[Doubt]:
        doubts = home.doubts_about_twins(target, "other.txt", "Another title", 5, sendings, {})
        return [finding.doubt for finding in doubts]

    elsewhere, here, gone = sent(RUN, "2"), sent(MODULE, "1"), sent(MODULE, "3")
    assert found(elsewhere, here) == found(here) == [Doubt.THERE_ALREADY]
    assert found(elsewhere) == found(gone, elsewhere) == [Doubt.CAUTION]
    assert found(gone) == found() == []


def test_each_target_of_a_tray_is_named_as_its_component() -> None:
    parts = [Component.from_json({"code": code, "serialNumber": f"20U{code}"}) for code in ("a", "b")]
    home = Home.of_tray("2 components", parts)
    assert [(target.name, target.short_name) for target in home.targets] == [("20Ua", ""), ("20Ub", "")]
    assert [one.targets[0].short_name for one in home.each.values()] == ["the component"] * 2
