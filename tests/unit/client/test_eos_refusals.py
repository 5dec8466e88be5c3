"""A host of the object store that is refused: its name and the setting that would allow it are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from itkgui.client.bodies import FileBody
from itkgui.client.exceptions import FrontDoorRefused, RedirectRefused, WayRefused
from itkgui.settings import Settings
from itkgui.uploads.upload import Cause, Trouble
from tests.unit.client.test_eos import TOKEN, Doors

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


def title_of(setting: str) -> str:
    return next(found.title for found in Settings.declarations() if found.name == setting)


def test_a_refused_host_is_named_with_the_setting_that_would_allow_it(wire: Wire, tmp_path: Path) -> None:
    picture, doors = tmp_path / "a.jpg", Doors(wire)
    picture.write_bytes(b"12345")
    doors.front_reply = doors.wire.reply(307, Location="https://node.example/eos/01d?encURI=x")
    with pytest.raises(RedirectRefused) as caught:
        doors.put(picture)
    assert "node.example:443" in caught.value.sentence
    assert f"“{title_of('eos_redirect_hosts')}”" in caught.value.cure
    kept = Trouble.of(caught.value, Cause.PERMANENT)
    assert replace(kept, kind=None).code == kept.code == RedirectRefused.code

    with pytest.raises(FrontDoorRefused) as caught_before:
        doors.store.put("https://[2001:db8::1]:8443/eos/1", TOKEN, FileBody(picture, 5), "image/jpeg")
    assert "[2001:db8::1]:8443" in caught_before.value.sentence
    assert f"“{title_of('eos_hosts')}”" in caught_before.value.cure
    kept = Trouble.of(caught_before.value, Cause.PERMANENT)
    assert replace(kept, kind=None).code == kept.code == FrontDoorRefused.code
    doors.session.close()


def test_no_setting_is_named_where_none_would_help(wire: Wire) -> None:
    doors = Doors(wire, eos_redirect_hosts=("127.0.0.1",))
    doors.front_reply = doors.redirect(doors.front)
    with pytest.raises(WayRefused, match="more than 3") as caught:
        doors.get()
    assert "settings" not in caught.value.cure
    doors.session.close()
