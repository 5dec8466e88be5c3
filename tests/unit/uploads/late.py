"""Lets the time go by after which no request can take effect any more whose answer was lost."""

from __future__ import annotations

import asyncio

from itkgui.uploads import remains
from tests.unit.uploads.desk import Desk


async def let_time_pass(desk: Desk, *ids: str, seconds: float = 0.0) -> None:
    """Let it be so late that no request can take effect any more, and wait for the last look.

    ``seconds`` is for how long that has been so.
    """
    until = desk.database.client.server_time - seconds
    store = desk.queue.store
    for one in ids:
        row = store.get(one)
        assert row.was_unclear or seconds
        await asyncio.to_thread(store.change, row, unclear_until=until, next_try=0.0)
    await desk.until(
        lambda: not any((desk.queue.get(one) or store.get(one)).was_unclear for one in ids),
        "to look once more",
    )


async def let_unfinished_go(desk: Desk, upload_id: str) -> None:
    """Let the time pass for which an entry stays whose bytes may still come, if there is one."""
    row = await asyncio.to_thread(desk.queue.store.get, upload_id)
    if remains.unfinished_entries(row.left_behind):
        await let_time_pass(desk, upload_id)
