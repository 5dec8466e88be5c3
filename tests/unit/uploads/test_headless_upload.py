"""``itkgui upload`` finds what the review sheet finds, and sends a file under the title it would give."""

from __future__ import annotations

import json
import os
from pathlib import Path

from itkgui.records.attachment import Storage
from itkgui.uploads.headless.desk import Desk as HeadlessDesk
from itkgui.uploads.headless.sending import Order, into_queue, packed
from itkgui.uploads.headless.telling import Teller
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell


def test_json_that_is_cut_off_is_told_and_sent(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        cut, whole = tmp_path / "cut.json", tmp_path / "whole.json"
        whole.write_text(json.dumps({"voltages": list(range(9))}))
        cut.write_text(whole.read_text()[:-5])
        for order in (
            Order(desk.targets[0].label, (cut, whole)),
            Order(desk.targets[0].label, (cut,), are_plain=True),
        ):
            parcel = await desk.worker.call(packed, desk.database, order)
            (remark,) = parcel.remarks
            assert remark.startswith(f"{cut}: This is no complete JSON: ")
            assert not parcel.hindrances

    tell(sandbox, tmp_path, story)


def test_results_that_somebody_else_has_to_send_say_who(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        component = (await desk.worker.call(desk.database.component, desk.targets[-1].key)).component
        place = component.location.code
        assert desk.database.user.rights_at(place) is None
        path = tmp_path / "mass.json"
        body = {"component": component.code, "testType": "MASS_MEASUREMENT", "institution": place}
        path.write_text(json.dumps({**body, "runNumber": "1", "passed": True, "results": {"MASS": 2.5}}))
        parcel = await desk.worker.call(packed, desk.database, Order(component.code, (path,), anyway=True))
        (objection,) = (one for one in parcel.hindrances if one.field == "institution")
        assert objection.needs_other
        assert objection.line.endswith(f"Somebody of {place} has to send this.")

    tell(sandbox, tmp_path, story)


def test_title_keeps_the_ending_on_eos(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        headless = HeadlessDesk(desk.database, desk.queue, desk.worker, Teller(as_json=True))
        titles = {}
        for storage in (Storage.EOS, Storage.FILE):
            path = tmp_path / f"{storage.value}.PNG"
            path.write_bytes(os.urandom(100))
            order = Order(desk.targets[0].label, (path,), title="A look", storage=storage)
            (row,) = await into_queue(headless, await desk.worker.call(packed, desk.database, order))
            titles[row.storage] = row.title, row.description
        assert titles == {Storage.EOS: ("A look.PNG", "A look"), Storage.FILE: ("A look", "A look")}

    tell(sandbox, tmp_path, story)
