"""``itkgui upload`` finds what the review sheet finds, and sends a file under the title it would give."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ProductionDatabase
from itkgui.records.attachment import Storage
from itkgui.uploads.headless.desk import Desk as HeadlessDesk
from itkgui.uploads.headless.sending import Order, Parcel, into_queue, packed
from itkgui.uploads.headless.telling import Teller
from itkgui.uploads.spool import FileChanged
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell


async def with_plugins(desk: Desk, order: Order) -> Parcel:
    """Pack something as somebody does who has allowed the plug-ins of an instrument."""
    settings = replace(desk.database.settings, plugins=("mpx", "xyz"))
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    with await desk.worker.call(ProductionDatabase.sign_in, settings, codes) as database:
        return await desk.worker.call(packed, database, order)


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


@pytest.mark.usefixtures("labtools")
def test_raw_data_that_were_written_to_after_they_were_read_are_not_sent(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        headless = HeadlessDesk(desk.database, desk.queue, desk.worker, Teller(as_json=True))
        body = {"component": desk.targets[0].key, "testType": "MASS_MEASUREMENT", "results": {"MASS": 2.5}}
        path = tmp_path / "x.mpx"
        path.write_text(f"scale\n{json.dumps(body)}")
        parcel = await with_plugins(desk, Order(desk.targets[0].label, (path,), anyway=True))
        (run,) = parcel.runs
        assert run.run.is_read
        parcel.objections.clear()
        with path.open("a") as more:
            more.write("\nthe next measurement")
        with pytest.raises(FileChanged, match="written to after it was read"):
            await into_queue(headless, parcel)
        assert not desk.queue.uploads

    tell(sandbox, tmp_path, story)


@pytest.mark.usefixtures("labtools")
def test_another_component_in_content_or_name_stops_results_however_they_are_sent(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        here, other = desk.targets[0].key, "20UPGM23800002"
        body = {"testType": "MASS_MEASUREMENT", "results": {"MASS": 2.5}}

        async def told(path: Path, component: str, *, are_plain: bool) -> list[str]:
            kind = "" if path.suffix == ".json" else "scale\n"
            path.write_text(kind + json.dumps({**body, "component": component}))
            order = Order(here, (path,), are_plain=are_plain)
            hindrances = (await with_plugins(desk, order)).hindrances
            return [one.sentence for one in hindrances if one.may_pass and other in one.sentence]

        for ending in ("json", "mpx"):
            (sentence,) = await told(tmp_path / f"x.{ending}", other, are_plain=True)
            assert f"names {other} in its content" in sentence
            (sentence,) = await told(tmp_path / f"{other}_x.{ending}", here, are_plain=False)
            assert f"names {other} in its name" in sentence
            assert not await told(tmp_path / f"x.{ending}", here, are_plain=True)

    tell(sandbox, tmp_path, story)


@pytest.mark.usefixtures("labtools")
def test_an_ending_without_a_plugin_stops_nothing(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        path = tmp_path / "map.xyz"
        path.write_text("as ever")
        parcel = await with_plugins(desk, Order(desk.targets[0].label, (path,)))
        assert not parcel.objections
        assert parcel.remarks == [f"{path}: No plug-in for “.xyz” is installed: it is sent as it is."]

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
