"""No credential reaches anything that the program writes or shows, in whatever form it came.

The log's file and the terminal are in ``test_log``; the crash file and the watchdog's, which hold no values
at all, in ``test_crashes`` and ``test_watchdog``; dialogs and clipboard in ``test_diagnosis_view``.
"""

from __future__ import annotations

import getpass
import json
import platform
import zipfile
from pathlib import Path

import pytest

from itkgui.client.exceptions import ServerTrouble
from itkgui.diagnosis import crashes, faults, log_reader, watchdog
from itkgui.diagnosis.support_bundle import Bundle, collected, scrubbed
from itkgui.exit_codes import ExitCode
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract, csv_pieces
from itkgui.item_models.upload_table import HISTORY_COLUMNS
from itkgui.scanning.reading import Arrival, Meaning, Reading, Source
from itkgui.scanning.scan_log import Outcome, ScanEntry, ScanLog
from itkgui.settings import Settings
from itkgui.settings.configuration import load
from itkgui.uploads.headless.telling import Teller
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadState
from itkgui.uploads.upload_store import UploadStore
from itkgui.views.context.messages import message_of
from tests.unit.test_log import SECRETS
from tests.unit.uploads.store_rows import new_upload

ALL = "\n".join(SECRETS.values())


def error() -> ServerTrouble:
    return ServerTrouble(ALL, status=500, request_id="r-1")


def test_canaries_are_there() -> None:
    assert ALL.count("cAnary") >= len(SECRETS)


def test_report_on_a_fault_has_none() -> None:
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError(ALL) from ValueError(ALL)
    report = faults.report(caught.type, caught.value, caught.tb)
    assert "Traceback" in report
    assert "cAnary" not in report


def test_details_on_the_screen_have_none() -> None:
    message = message_of(error())
    assert "Status: 500" in message.details
    assert "cAnary" not in repr(message)


def test_what_is_kept_of_an_upload_that_failed_has_none(tmp_path: Path) -> None:
    store = UploadStore(tmp_path)
    store.add([new_upload(state=UploadState.FAILED, trouble=Trouble.of(error(), Cause.PASSING))])
    (row,) = store.unfinished()
    store.close()
    assert row.trouble is not None
    assert row.trouble.detail
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"cAnary" not in path.read_bytes()
    details = Column[Upload]("Details", lambda upload: upload.trouble.detail if upload.trouble else "")
    exported = "".join(csv_pieces(Extract((*HISTORY_COLUMNS, details), [row])))
    assert "Trouble at the server" in exported
    assert "cAnary" not in exported


def test_what_is_kept_of_scans_has_none(tmp_path: Path) -> None:
    log = ScanLog(tmp_path / "scans.jsonl")
    for secret in SECRETS.values():
        reading = Reading(Arrival(secret, Source.TYPED), secret, Meaning.NAME)
        log.add(ScanEntry.of(reading, Outcome.UNKNOWN, secret))
    assert len(log.read()) == len(SECRETS)
    assert "cAnary" not in (tmp_path / "scans.jsonl").read_text()


@pytest.mark.parametrize("as_json", [False, True])
def test_commands_without_a_window_tell_none(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    teller = Teller(as_json=as_json)
    teller.error(error())
    teller.end(ExitCode.DONE)
    told = capsys.readouterr()
    assert "Trouble at the server" in told.out + told.err
    assert "cAnary" not in told.out + told.err


def bundle_of(folder: Path) -> Bundle:
    """Collect a bundle where every file that goes into it holds all canaries."""
    paths = load({"data_dir": folder}).paths
    paths.create()
    paths.settings_file.write_text("https_proxy = 'http://me:cAnary@127.0.0.1:1'\nodd = 'token=cAnary'\n")
    paths.log_file.write_text(ALL)
    (paths.state / watchdog.FILE_NAME).write_text(ALL)
    (paths.state / crashes.FOLDER).mkdir()
    (paths.state / crashes.FOLDER / "told-1.txt").write_text(ALL)
    store = UploadStore(paths.uploads("server", "me"))
    upload = new_upload(
        "cAnary.txt", title="cAnary", description="cAnary", trouble=Trouble.of(error(), Cause.RIGHTS)
    )
    store.add([upload])
    store.close()
    codes = {"ITKDB_ACCESS_CODE1": "cAnary-1", "ITKDB_ACCESS_CODE2": "cAnary-2"}
    return collected(load({"data_dir": folder}, codes), ALL, ALL)


def test_support_bundle_has_none_and_no_names(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path / "data")
    parts = {part.name: part.text for part in bundle.parts}
    assert list(parts) == [
        *("fault.txt", "doctor.txt", "about.txt", "settings.txt", "queue.json", "log.txt"),
        *("stalls.txt", "crash-1.txt"),
    ]
    assert {name for name, text in parts.items() if "cAnary" in text} == set()
    assert "your choice" in parts["settings.txt"]  # where each value comes from is told
    ((row,),) = json.loads(parts["queue.json"]).values()
    assert (row["state"], row["trouble_title"]) == ("waiting", "Trouble at the server")
    assert set(row).isdisjoint({"name", "title", "description", "source", "person", "target_key"})
    bundle.save(tmp_path / "bundle.zip")
    assert b"cAnary" not in (tmp_path / "bundle.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        assert {archive.read(name).decode() for name in archive.namelist()} == set(parts.values())


def test_names_of_user_home_computer_and_mail_are_taken_out() -> None:
    user, computer = getpass.getuser(), platform.node()
    text = f"{Path.home()}/x of {user} on {computer}, mail a.b@c.example; un{user}ed stays"
    found = scrubbed(text)
    assert found.startswith("~/x of [user] on ")
    assert found.endswith(f", mail [mail]; un{user}ed stays")
    assert computer not in found or len(computer) < 3


def test_bundle_is_made_though_nothing_can_be_read(tmp_path: Path) -> None:
    configuration = load({"data_dir": tmp_path / "none"})
    parts = {part.name: part.text for part in collected(configuration, "doctor").parts}
    assert parts["log.txt"].startswith("not readable: ")
    assert parts["queue.json"] == "{}"
    damaged = configuration.paths.uploads("server", "me")
    damaged.mkdir(parents=True)
    (damaged / "queue.sqlite3").write_bytes(b"no database" * 100)
    parts = {part.name: part.text for part in collected(configuration, "doctor").parts}
    assert "unreadable" in parts["queue.json"]


def test_log_on_the_screen_has_none(tmp_path: Path) -> None:
    file = tmp_path / "itkgui.log"
    file.write_text(ALL)
    found = log_reader.latest(file, log_reader.Wanted(), lambda: None)
    assert found.entries
    assert "cAnary" not in repr(found)


def test_settings_say_that_codes_are_set_and_no_more() -> None:
    assert "cAnary" not in repr(Settings(access_code1="cAnary"))
