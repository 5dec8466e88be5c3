"""How old what a coroutine has used is, whoever it asked."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

from itkgui.background import ages
from itkgui.background.worker import Worker
from itkgui.client import transfer

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=timezone.utc)
OLDER = NOW - timedelta(hours=1)


def answer(moment: datetime | None) -> None:
    """Stand for a call of the client that used an answer of this moment."""
    transfer.current().note_age(moment)


def test_each_task_knows_the_oldest_that_it_used() -> None:
    worker = Worker()

    async def ask(*moments: datetime | None) -> datetime | None:
        for moment in moments:
            await worker.call(answer, moment)
        return ages.used()

    async def side_by_side() -> list[tuple[datetime | None, datetime | None]]:
        tasks = []
        for moments in ((NOW, None), (None, OLDER, NOW), (None,)):
            with ages.gathered() as found:
                tasks.append((asyncio.ensure_future(ask(*moments)), found))
        return [(await task, found.oldest) for task, found in tasks]

    assert asyncio.run(side_by_side()) == [(NOW, NOW), (OLDER, OLDER), (None, None)]
    assert asyncio.run(ask(NOW)) is None, "nobody gathers"
    worker.stop()
