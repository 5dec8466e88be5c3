"""Deleting an attachment deletes its bytes on EOS too, where there are some and a token for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from itkgui.client.exceptions import AnswerError, Forbidden
from tests.unit.client.attachments.odd_database import OWNER, OddDatabase

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


def test_deleting_what_has_no_bytes_on_eos(odd: OddDatabase) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    odd.database.delete_attachment(odd.database.attachments(OWNER)[1])
    assert odd.codes == ["old"]


@pytest.mark.logs("the server gave no token to delete x from EOS")
def test_a_delete_without_a_token_leaves_the_bytes(odd: OddDatabase, wire: Wire) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    attachment = odd.database.attachments(OWNER)[1]
    odd.replies["deleteComponentAttachment"] = wire.reply()
    odd.database.delete_attachment(attachment)
    assert not any(command.startswith("DELETE") for command in odd.commands())


def test_bytes_on_eos_that_cannot_be_deleted(odd: OddDatabase, wire: Wire) -> None:
    odd.entries.append({"code": "x", "title": "T", "type": "eos", "url": f"{odd.server.url}eos/0/x"})
    odd.replies["DELETE eos"] = wire.reply(403)
    with pytest.raises(Forbidden) as caught:
        odd.database.delete_attachment(odd.database.attachments(OWNER)[1])
    assert caught.value.left_behind == "bytes of entry x"
    assert odd.codes == ["old"]


@pytest.mark.parametrize("status", [400, 404])
def test_what_somebody_else_has_deleted_is_deleted(odd: OddDatabase, wire: Wire, status: int) -> None:
    entry = odd.old_entry
    odd.replies["deleteComponentAttachment"] = wire.reply(status)
    with pytest.raises(AnswerError) as caught:
        odd.database.delete_attachment(entry)
    assert not caught.value.left_behind, "as long as it is listed"
    odd.entries.clear()
    odd.database.delete_attachment(entry)
