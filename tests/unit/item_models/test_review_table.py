"""What the review says of files and results, and where it says that they go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from itkgui.client.exceptions import FileMissing
from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.item_models.review_table import ReviewTable, findings_of_check
from itkgui.item_models.review_words import files_hint, heading_for
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.records.test_type import TestType
from itkgui.records.value_check import ResultProblem
from itkgui.uploads.intake import Examined, Found, examine
from itkgui.uploads.results import CheckedRun, NamedFile, RunInFile
from itkgui.uploads.targets import Doubt, Finding, Home, Target
from itkgui.uploads.upload_rows import Sending

SERIAL = "20UPGM23800001"
COMPONENT = Owner(OwnerKind.COMPONENT, "c0de", SERIAL)
RUN = Owner(OwnerKind.TEST_RUN, "1f", f"Mass, run 3 of {SERIAL}")
HOME = Home(
    SERIAL,
    "c0de",
    "",
    (
        Target(COMPONENT, f"the component {SERIAL}", (), short_name="the component"),
        Target(
            RUN,
            "its test run Mass, run 3, 2026-01-05 10:00",
            (),
            short_name="test run Mass, run 3, 2026-01-05 10:00",
        ),
    ),
    frozenset((SERIAL,)),
)
BODY = {"component": SERIAL, "testType": "MASS", "results": {}}


def file_row(name: str, target: Owner | None = None, media_type: str = "text/plain") -> ReviewRow:
    row = ReviewRow(Found(Path("/stick", name), PurePath(name)))
    row.examined, row.stage, row.target = Examined(10, media_type), Stage.SEEN, target
    return row


def run_row(number: int = 0) -> ReviewRow:
    path = Path("/stick", f"{number}.json")
    row = ReviewRow(Found(path, PurePath(path.name)), RunInFile(path, 0, (BODY,)))
    row.examined, row.stage = Examined(10, "application/json"), Stage.SEEN
    return row


def judged(*rows: ReviewRow) -> ReviewTable:
    table = ReviewTable(1000, lambda _: None)
    table.home, table.target = HOME, COMPONENT
    table.append(list(rows), more=False)
    table.judge()
    return table


def heading(*rows: ReviewRow) -> str:
    table = judged(*rows)
    return heading_for(table.records, table.home, table.target)


def said(row: ReviewRow) -> str:
    return " ".join(finding.sentence for finding in row.findings)


def test_the_heading_names_what_really_gets_the_files() -> None:
    assert heading() == heading(file_row("a.txt")) == f"Add files to {SERIAL}"
    run = f"the test run Mass, run 3, 2026-01-05 10:00, of {SERIAL}"
    assert heading(file_row("a.txt", RUN)) == f"Add files to {run}"
    assert heading(file_row("a.txt"), file_row("b.txt", RUN)) == f"Add files to 2 places of {SERIAL}"
    result = run_row()
    assert heading(result) == f"Add a test run to {SERIAL}"
    own = file_row("a.txt", result.new_owner)
    assert heading(result, own) == f"Add a test run with files to {SERIAL}"
    assert (
        heading(result, file_row("a.txt")) == f"Add a test run to {SERIAL}, and files to the component itself"
    )
    assert (
        heading(result, run_row(1), file_row("a.txt", RUN))
        == f"Add 2 test runs to {SERIAL}, and files to {run}"
    )


def test_on_eos_a_title_keeps_the_ending_by_which_the_kind_is_known() -> None:
    row = file_row("front.JPG", media_type="image/jpeg")
    row.title = f"{SERIAL} 1 front"
    judged(row)
    assert row.kept_in is Storage.EOS
    assert row.shown_title == row.upload(HOME).title == f"{SERIAL} 1 front.JPG"
    row.title = "front.jpg"
    assert row.shown_title == "front.jpg"
    row.title, row.storage = "front", Storage.FILE
    assert row.shown_title == row.upload(HOME).title == "front"


def test_a_file_that_came_with_several_results_says_where_it_goes() -> None:
    rows = [run_row(0), run_row(1), file_row("a.jpg")]
    for row in rows:
        row.drop = 1
    judged(*rows)
    assert said(rows[2]).startswith("It goes to the component, and to none of the test runs")
    judged(*rows[1:])
    assert "none of the test runs" not in said(rows[2])


@pytest.mark.parametrize(
    ("content", "is_broken"), [('{"component": "20U', True), ('{"a": 1}', False), ("[NaN]", False)]
)
def test_a_json_that_ends_too_soon_is_not_ready_without_a_word(
    tmp_path: Path, content: str, is_broken: bool
) -> None:
    path = tmp_path / "some.json"
    path.write_text(content)
    row = file_row("some.json")
    row.examined, row.stage = examine(Found(path, PurePath(path.name))), Stage.COPIED
    judged(row)
    assert ("This is no complete JSON" in said(row)) is is_broken
    assert row.tone == ("caution" if is_broken else "good")


def test_results_that_name_no_file_say_how_to_bring_some_along() -> None:
    component = Component.from_json({"code": "c0de", "serialNumber": SERIAL})
    row = run_row()
    assert row.run is not None
    assert files_hint(row) == files_hint(file_row("a.txt")) == ""
    for kind, example in (("image", '"SIDE": "front.jpg"'), ("binary", '"SIDE": "data.bin"'), ("float", "")):
        test = TestType.from_json({"code": "VI", "parameters": [{"code": "SIDE", "dataType": kind}]})
        row.checked = checked = CheckedRun(row.run, test, component, ())
        assert example in files_hint(row)
        assert "dropped together" in files_hint(row)
    row.checked = replace(checked, files=(NamedFile("SIDE", "a.jpg", None),))
    assert files_hint(row) == "", "who names one knows"


def test_a_missing_right_is_no_mistake_in_the_file() -> None:
    place = ResultProblem(
        "institution", "You do not belong to MPI.", "somebody of MPP", "you", needs_other=True
    )
    wrong = ResultProblem("passed", "This has to be true or false.")
    run = RunInFile(Path("a.json"), 0, (BODY,))
    component = Component.from_json({"code": "c0de", "serialNumber": SERIAL})
    (finding,) = findings_of_check(CheckedRun(run, None, component, (place,)))
    assert finding.doubt is Doubt.RIGHTS
    assert finding.sentence == "You do not belong to MPI. Somebody of MPP has to send this."
    both = list(findings_of_check(CheckedRun(run, None, component, (place, wrong))))
    assert [one.doubt for one in both] == [Doubt.MISTAKES, Doubt.RIGHTS]
    assert both[0].sentence.startswith("1 mistake,")


def test_a_file_that_comes_once_more_leaves_what_was_typed_for_it() -> None:
    here, twice, other = file_row("a.txt"), file_row("a.txt"), file_row("b.txt")
    table = judged(here)
    twice.title, twice.description, twice.is_typed_in = "Front", "at 20 °C", True
    assert table.merge([twice, other]) == ([twice], [])
    assert table.records == [here, other]
    assert (here.title, here.description, here.is_typed_in) == ("Front", "at 20 °C", True)
    again, back = file_row("a.txt"), file_row("a.txt")
    back.title, back.is_typed_in = "Back", True
    assert table.merge([again, back]) == ([again, back], [back]), "other words are here"
    assert here.title == "Front"


def test_what_is_worth_knowing_is_a_few_words_in_the_row_and_a_sentence_beside_it() -> None:
    row = file_row("a.txt")
    row.stage, row.sendings = Stage.COPIED, (Sending(RUN, "a.txt", "a", Storage.FILE, "1", 1e9, "me"),)
    judged(row)
    assert row.remark == "went elsewhere too"
    assert row.remark_in_full.startswith(f"These very bytes went from here to {RUN.label} on 2001-09-")


def test_only_what_would_be_sent_is_counted_as_ready() -> None:
    good, doubtful, broken, run = file_row("a.txt"), file_row("b.txt"), file_row("c.txt"), run_row()
    table = judged(good, doubtful, broken, run)
    doubtful.findings = (Finding(Doubt.TWICE, "It is here twice."),)
    broken.problem = FileMissing("c.txt")
    tally = table.tally()
    assert (tally.count, tally.ready, tally.ready_runs) == (4, 2, 1)
    doubtful.decided.add(Doubt.TWICE)
    assert table.tally().ready == 3
