"""Which run of a test type counts, and which are superseded or deleted."""

from __future__ import annotations

from itkgui.records.run_history import RunGroup, Standing, TestRunSummary, group_runs, newest_first


def run(key: str, date: str | None, test_type: str = "IV", **fields: object) -> TestRunSummary:
    return TestRunSummary.from_json(
        {
            "id": key,
            "date": date,
            "testType": {"code": test_type, "name": test_type},
            "state": "ready",
            **fields,
        }
    )


def told(group: RunGroup[TestRunSummary]) -> list[tuple[str, str]]:
    pairs = zip(group.runs, group.standings, strict=True)
    return [(found.id, standing.value) for found, standing in pairs]


def test_newest_run_of_a_test_type_decides() -> None:
    iv, cv = group_runs(
        [
            run("old", "26.11.2019 00:00"),
            run("new", "2023-08-30T15:59:00.000Z"),
            run("cv", "2020-01-01T00:00:00.000Z", "CV"),
        ]
    )
    assert told(iv) == [("new", "deciding"), ("old", "superseded")]
    assert (iv.test_type.label, iv.deciding and iv.deciding.id) == ("IV", "new")
    assert told(cv) == [("cv", "deciding")]


def test_deleted_run_decides_nothing_though_it_is_the_newest() -> None:
    (group,) = group_runs(
        [
            run("kept", "2020-01-01T00:00:00.000Z"),
            run("gone", "2021-01-01T00:00:00.000Z", state="deleted"),
            run("going", "2022-01-01T00:00:00.000Z", state="requestedToDelete"),
        ]
    )
    assert told(group) == [("going", "deleted"), ("gone", "deleted"), ("kept", "deciding")]
    assert group.deciding is not None
    assert group.deciding.id == "kept"
    (empty,) = group_runs([run("gone", None, state="deleted")])
    assert empty.deciding is None


def test_each_stage_has_a_deciding_run_of_its_own() -> None:
    (group,) = group_runs(
        [
            run("warm 1", "2020-01-01T00:00:00.000Z", stage={"code": "WARM"}),
            run("warm 2", "2020-01-02T00:00:00.000Z", stage={"code": "WARM"}),
            run("cold", "2020-01-03T00:00:00.000Z", stage={"code": "COLD"}),
        ]
    )
    assert group.standings == (Standing.DECIDING, Standing.DECIDING, Standing.SUPERSEDED)
    assert group.deciding is not None
    assert group.deciding.id == "cold"


def test_runs_of_one_date_stand_in_the_order_they_came() -> None:
    same = "26.11.2019 00:00"
    first = run("first", same, cts="2019-11-27T07:52:08.000Z")
    second = run("second", same, cts="2019-11-27T07:53:01.116Z")
    undated = run("undated", "yesterday")
    assert [found.id for found in newest_first([undated, first, second])] == ["second", "first", "undated"]


def test_type_without_a_code_is_grouped_by_its_id() -> None:
    runs = [run(key, None, testType={"id": f"t{key}"}) for key in ("1", "2")]
    assert len(group_runs(runs)) == 2
    assert group_runs([]) == ()
