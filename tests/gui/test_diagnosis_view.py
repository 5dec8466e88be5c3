"""The place for when something is wrong: doctor, log, bundle; faults and sudden ends are told."""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from itkgui import log
from itkgui.diagnosis.crashes import FOLDER, CrashFile
from itkgui.diagnosis.finding import Verdict
from itkgui.settings import Settings
from itkgui.views.diagnosis.bundle_sheet import BundleSheet
from itkgui.views.diagnosis.diagnosis_view import DiagnosisView
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess
from tests.unit.test_log import SECRETS

Start = Callable[..., Person]
NOWHERE = Settings(api_url="http://127.0.0.1:1/", auth_url="http://127.0.0.1:1/", eos_hosts=("127.0.0.1:1",))
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CANARIES = "\n".join(SECRETS.values())


@pytest.fixture
def logged(person: Person) -> Iterator[Path]:
    """Let the log of the program go to its file, as the command line does."""
    path = person.program.options.paths.log_file
    handler = log.PrivateLogFile(path, encoding="utf-8")
    handler.setFormatter(log.RedactingFormatter(log.FORMAT, datefmt="%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.addHandler(handler)
    yield path
    root.removeHandler(handler)
    handler.close()


def clipboard() -> str:
    return QApplication.clipboard().text()


def place_of(person: Person) -> DiagnosisView:
    person.press(
        Qt.Key.Key_D,
        person.workspace,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    place = person.workspace.diagnosis_place
    person.until(place.isVisible, "the diagnosis")
    return place.view


def test_doctor_is_there_before_sign_in(start_program: Start) -> None:
    visitor = start_program(NOWHERE)
    visitor.click(visitor.login.diagnosis_button)
    view = visitor.window.care.page.view
    visitor.until(lambda: view.doctor.is_over, "the doctor")
    visitor.until(view.doctor.again_button.isEnabled, "all verdicts")
    rows = {row.check.key: row for row in view.doctor.rows}
    assert rows["api"].finding is not None
    assert rows["api"].word.text() == "broken"
    assert rows["api"].cure.text().startswith("→ ")
    assert "broken" in view.doctor.summary.text()
    visitor.click(rows["api"].more)
    assert "http://127.0.0.1:1/" in rows["api"].facts.text()
    visitor.click(view.doctor.copy_button)
    assert "Database (API)" in clipboard()
    visitor.click(view.back_button)
    assert visitor.login.isVisible()


def test_doctor_looks_at_the_servers_of_whoever_is_signed_in(person: Person) -> None:
    view = place_of(person)
    person.until(lambda: view.doctor.is_over, "the doctor")
    verdicts = {key: finding.verdict for key, finding in view.doctor.findings.items()}
    assert {verdicts[key] for key in ("clock", "dns", "proxy", "sign-in", "api", "eos")} == {Verdict.FINE}
    first = view.doctor.findings["clock"]
    person.until(view.doctor.again_button.isEnabled, "all verdicts")
    person.click(view.doctor.again_button)
    person.until(lambda: view.doctor.is_over and view.doctor.findings["clock"] is not first, "another look")


def test_what_was_found_stands_in_a_column_and_has_most_of_a_narrow_page(person: Person) -> None:
    view = place_of(person)
    person.until(view.doctor.again_button.isEnabled, "all verdicts")
    rows = view.doctor.rows

    def have_a_column() -> bool:
        lefts = {row.sentence.mapTo(row, QPoint()).x() for row in rows}
        return len(lefts) == 1 and lefts.pop() < rows[0].width() * 0.4

    person.scale(150)
    for width in (1024, 1180, 1366, 1800):
        person.window.resize(width, 768)
        person.settle()
        person.until(have_a_column, f"the column at {width}")


@pytest.mark.logs("odd thing|something else|for the follower")
def test_log_is_read_narrowed_followed_and_copied(person: Person, logged: Path) -> None:
    logger = logging.getLogger("itkgui.test")
    logger.warning("an odd thing\nwith more below")
    logger.error("something else, said %s", "Bearer cAnary")
    view = place_of(person).log
    place_of(person).show_log()
    person.until(lambda: len(view.table.records) == 2, "the log")
    view.level.setCurrentIndex(view.level.findData("ERROR"))
    error = ["something else, said Bearer [removed]"]
    person.until(lambda: [one.message for one in view.table.shown] == error, "errors")
    view.level.setCurrentIndex(0)
    person.type(view.search, "ODD")
    person.until(lambda: [one.message for one in view.table.shown] == ["an odd thing"], "what was looked for")
    view.view.choose_row(0)
    person.until(lambda: "with more below" in view.text.toPlainText(), "the whole entry")
    person.click(view.copy_button)
    assert clipboard().endswith("itkgui.test: an odd thing\nwith more below")
    logger.warning("odd, for the follower")
    person.until(lambda: view.table.shown[-1].message == "odd, for the follower", "what is new")
    person.type(view.search, "nowhere")
    person.until(lambda: view.rows.currentWidget() is view.empty, "nothing")
    assert view.empty.sentence == "No entry is like that."


def test_log_that_is_not_there_is_told(start_program: Start) -> None:
    visitor = start_program(NOWHERE)
    visitor.click(visitor.login.diagnosis_button)
    view = visitor.window.care.page.view
    view.show_log()
    visitor.until(view.log.trouble.isVisible, "why there is none")
    assert view.log.trouble.title == "Log not readable"


@pytest.mark.logs("cAnary|removed")
def test_bundle_is_shown_without_secrets_and_saved(person: Person, logged: Path, tmp_path: Path) -> None:
    logging.getLogger("itkgui.test").warning("%s", CANARIES)
    logged.write_text(logged.read_text("utf-8") + CANARIES, "utf-8")  # as if another program had written it
    view = place_of(person)
    person.click(view.bundle_button)
    sheet = person.window.findChild(BundleSheet)
    assert sheet is not None
    person.until(lambda: sheet.bundle is not None, "the bundle")
    bundle = sheet.bundle
    assert bundle is not None
    names = [part.name for part in bundle.parts]
    assert names == ["doctor.txt", "about.txt", "settings.txt", "queue.json", "log.txt"]
    assert [sheet.parts.item(row).text() for row in range(sheet.parts.count())] == names
    for row in range(len(names)):
        sheet.parts.setCurrentRow(row)
        assert sheet.text.toPlainText()
        assert "cAnary" not in sheet.text.toPlainText()
    file = tmp_path / "bundle.zip"
    sheet.save(file)
    person.until(lambda: str(file) in sheet.state.text(), "the file")
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        told = {name: archive.read(name).decode() for name in archive.namelist()}
    assert sorted(told) == sorted(f"itkgui-support/{name}" for name in names)
    assert not any("cAnary" in text for text in told.values())
    sheet.save(tmp_path / "none" / "bundle.zip")
    person.until(sheet.trouble.isVisible, "why it was not saved")
    person.click(sheet.close_button)


@pytest.mark.logs("fault in the program|The program made a mistake")
def test_fault_of_the_program_is_told_with_a_report_to_copy(person: Person) -> None:
    def fail() -> None:
        raise ZeroDivisionError(f"with {CANARIES}")

    care = person.window.care
    person.program.on_fault(*_caught(fail))
    dialog = care.dialog
    assert dialog is not None
    person.until(dialog.isVisible, "the report")
    person.click(dialog.copy_button)
    assert "ZeroDivisionError" in clipboard()
    assert "in fail" in clipboard()
    assert "cAnary" not in clipboard() + person.workspace.footer.verdict.toolTip()
    person.program.on_fault(*_caught(fail))
    assert care.dialog is dialog
    assert dialog.report.toPlainText().count("Traceback") == 2
    person.click(dialog.bundle_button)
    sheet = person.window.findChild(BundleSheet)
    assert sheet is not None
    person.until(lambda: sheet.bundle is not None, "the bundle")
    assert sheet.bundle is not None
    assert sheet.bundle.parts[0].name == "fault.txt"
    person.click(sheet.close_button)
    person.click(dialog.close_button)
    assert len(person.program.faults) == 2
    person.program.faults.clear()


def _caught(fail: Callable[[], None]) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    try:
        fail()
    except ZeroDivisionError as error:
        return type(error), error, error.__traceback__
    raise AssertionError("it did not fail")


def test_sudden_end_is_told_at_the_next_start(start_program: Start, tmp_path: Path) -> None:
    state = tmp_path / "data" / "state"
    left = CrashFile(state)
    left.open()
    left.close()
    (state / FOLDER).mkdir(parents=True)
    mine = left._path.name.replace(f"-{os.getpid()}.", "-4000000.")  # no process has such a number
    (state / FOLDER / mine).write_text("Fatal Python error: Segmentation fault\n  in somewhere")
    (state / FOLDER / mine.replace("-4000000.", "-4000001.")).touch()  # killed: no news to whoever did it
    visitor = start_program(NOWHERE)
    notice = visitor.window.care.notice
    visitor.until(notice.isVisible, "the notice")
    assert notice.title.text() == "The program ended unexpectedly"
    visitor.click(notice.help_button)
    dialog = visitor.window.care.dialog
    assert dialog is not None
    assert "Segmentation fault" in dialog.report.toPlainText()
    visitor.click(dialog.close_button)
    assert not notice.isVisible()


def test_log_that_cannot_be_written_is_told(start_program: Start, sandbox: SandboxProcess) -> None:
    visitor = start_program(NOWHERE, troubles=("the folder is read-only.",))
    notice = visitor.window.care.notice
    visitor.until(notice.isVisible, "the notice")
    assert "the folder is read-only." in notice.words.text()
    visitor.click(notice.help_button)
    visitor.until(visitor.window.care.page.isVisible, "the diagnosis")
    visitor.until(lambda: visitor.window.care.page.view.doctor.is_over, "the doctor")
