"""ROOT files: what is in them level by level, and what each kind of object becomes."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import uproot

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.root import Holds, RootPlace, RootRow, load_root
from itkgui.decoding.root_objects import (
    RootAxis,
    RootCurve,
    RootHistogram,
    RootMap,
    RootObject,
    read_root,
)
from itkgui.decoding.undecodable import Undecodable
from itkgui.paths import resource
from tests.unit.decoding.damage import damaged, look_through_root, survived, written
from tests.unit.decoding.root_files import write_root, write_tuple


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> BinaryFile:
    # A colon in the name, which uproot takes for the end of it where it can.
    path = write_root(tmp_path_factory.mktemp("root") / "scan 12:30 a.root:hits")
    return open_file(path, "scan.root")


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders(processes=1)
    yield found
    found.close()


def rows(file: BinaryFile, *names: str) -> dict[str, RootRow]:
    """Return what is in a folder or tree, by name; of several cycles the last."""
    place = RootPlace()
    for name in names:
        place = {row.name: row for row in load_root(file, place).rows}[name].place
    return {row.name: row for row in sorted(load_root(file, place).rows, key=lambda row: row.cycle or 0)}


def read(file: BinaryFile, *names: str) -> RootObject:
    return read_root(file, rows(file, *names[:-1])[names[-1]].place)


def test_keys_are_listed_level_by_level(file: BinaryFile) -> None:
    top = load_root(file)
    cycles = {row.cycle for row in top.rows if row.name == "threshold"}
    assert cycles == {1, 2}
    found = rows(file)
    assert found["threshold"].kind == "TH1D"
    assert found["threshold"].title == "Once more"
    assert found["scans"].holds is Holds.FOLDER
    assert found["hits"].has_more
    assert not found["threshold"].has_more
    assert set(rows(file, "scans")) == {"deep", "errors"}
    assert rows(file, "scans", "deep")["iv"].kind == "TGraph"


def test_branches_are_listed_with_type_and_entries(file: BinaryFile) -> None:
    found = rows(file, "hits")
    assert (found["charge"].kind, found["charge"].entries) == ("double", 5)
    assert found["column"].kind == "int32_t"
    assert found["jets"].kind == "float[]"
    assert found["charge"].title == ""


def test_long_lists_are_cut(file: BinaryFile) -> None:
    total = len(load_root(file).rows)
    loaded = load_root(file, most=2)
    assert len(loaded.rows) == 2
    assert loaded.left_out == total - 2


def test_histogram_has_its_errors_and_statistics(file: BinaryFile) -> None:
    found = read(file, "threshold")
    assert found.facts == ("17 entries", "mean 12.857", "σ 5.579", "underflow 1", "overflow 2")
    (plot,) = found.plots
    assert isinstance(plot, RootHistogram)
    assert (plot.x, plot.y) == (RootAxis("Threshold", "e"), RootAxis("Pixels"))
    assert plot.edges.tolist() == [0, 10, 20, 30]
    assert plot.values.tolist() == [4, 9, 1]
    assert plot.errors is not None
    assert plot.errors.tolist() == [4, 6, 2]


def test_older_cycle_is_read_too(file: BinaryFile) -> None:
    older = next(row for row in load_root(file).rows if (row.name, row.cycle) == ("threshold", 1))
    assert read_root(file, older.place).title == "Threshold of all pixels"


def test_map_has_rows_along_y(file: BinaryFile) -> None:
    (plot,) = read(file, "occupancy").plots
    assert isinstance(plot, RootMap)
    assert plot.values.tolist() == [[1, 0, 0], [1, 0, 1]]
    assert plot.x_edges.tolist() == [0, 1, 2, 3]


def test_profile_is_a_curve_of_means(file: BinaryFile) -> None:
    (plot,) = read(file, "charge").plots
    assert isinstance(plot, RootCurve)
    assert plot.y == RootAxis("Charge", "ke")
    assert plot.y_values.tolist() == [2, 5]
    assert plot.errors is not None
    assert plot.errors == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("names", [("scans", "deep", "iv"), ("scans", "errors")])
def test_graphs(file: BinaryFile, names: tuple[str, ...]) -> None:
    (plot,) = read(file, *names).plots
    assert isinstance(plot, RootCurve)
    assert (plot.x, plot.y) == (RootAxis("Voltage", "V"), RootAxis("Current", "nA"))
    assert plot.y_values.tolist() == [0, 1.5, 2.5]
    if names[-1] == "errors":
        assert plot.errors is not None
        assert plot.errors.tolist() == [0.1, 0.2, 0.3]


def test_branch_is_counted(file: BinaryFile) -> None:
    found = read(file, "hits", "charge")
    assert found.facts[:3] == ("5 entries", "1 without a usable number", "mean 2")
    (plot,) = found.plots
    assert isinstance(plot, RootHistogram)
    assert plot.values.sum() == 4
    assert plot.x == RootAxis("charge")


def test_lists_in_a_branch_are_counted_together(file: BinaryFile) -> None:
    found = read(file, "hits", "jets")
    assert "4 values" in found.facts
    (plot,) = found.plots
    assert isinstance(plot, RootHistogram)
    assert plot.values.sum() == 4


def test_branch_without_a_number(file: BinaryFile) -> None:
    found = read(file, "hits", "none")
    assert not found.plots
    assert "no usable number" in found.text


def test_long_branch_is_read_in_part(tmp_path: Path) -> None:
    path = tmp_path / "long.root"
    with uproot.recreate(path) as made:
        made.mktree("t", {"a": "float64"})
        for _ in range(5):
            made["t"].extend({"a": np.arange(1000.0)})
    long = open_file(path, "long.root")
    found = read_root(long, rows(long, "t")["a"].place, most=1500)
    assert found.facts[:2] == ("5,000 entries", "the first 1,500 were read")
    (plot,) = found.plots
    assert isinstance(plot, RootHistogram)
    assert plot.values.sum() == 1500


def test_text_and_anything_else_is_told(file: BinaryFile) -> None:
    assert read(file, "note").text == "source 90Sr, 300 s"
    cube = read(file, "cube")
    assert cube.kind == "TH3D"
    assert "fEntries = " in cube.text
    assert "fNbins = 2" in cube.text
    assert read(file, "hits").facts == ("5 entries", "5 branches")


# RNTuples --------------------------------------------------------------------------------------------------


@pytest.fixture
def fields(tmp_path: Path) -> BinaryFile:
    return open_file(write_tuple(tmp_path / "fields.root"), "fields.root")


def test_fields_of_an_rntuple_are_like_branches(fields: BinaryFile) -> None:
    (tree,) = rows(fields).values()
    assert (tree.kind, tree.holds, tree.has_more) == ("ROOT::RNTuple", Holds.TREE, True)
    assert read(fields, "hits").facts == ("5 entries", "4 fields")
    found = rows(fields, "hits")
    assert {name: row.has_more for name, row in found.items()} == {
        "charge": False,
        "jets": False,
        "pairs": True,
        "names": False,
    }
    assert (found["charge"].kind, found["charge"].entries) == ("double", 5)
    (row, share) = load_root(fields, found["pairs"].place).rows
    assert (row.name, share.name) == ("row", "share")
    (plot,) = read_root(fields, share.place).plots
    assert isinstance(plot, RootHistogram)
    assert plot.values.sum() == 5


def test_values_of_fields_are_counted(fields: BinaryFile) -> None:
    found = read(fields, "hits", "charge")
    assert found.facts[:3] == ("5 entries", "1 without a usable number", "mean 2")
    (plot,) = read(fields, "hits", "jets").plots
    assert isinstance(plot, RootHistogram)
    assert plot.values.sum() == 4
    assert read(fields, "hits", "names").text.splitlines()[:2] == ["0: 'a'", "1: 'b'"]


def test_damaged_rntuples_do_no_harm(fields: BinaryFile, tmp_path: Path, decoders: Decoders) -> None:
    content = fields.path.read_bytes()
    files = (written(tmp_path / "a.root", damage) for damage in damaged(content, 150, within=len(content)))
    seen = [survived(decoders, look_through_root, file) for file in files]
    assert max(seen) > 4
    assert 0 in seen


def test_sample_of_the_sandbox(decoders: Decoders) -> None:
    sample = open_file(resource("sandbox/source_scan.root"), "source_scan.root")
    assert decoders.run(look_through_root, sample) == 11


# Bad files -------------------------------------------------------------------------------------------------


def test_file_cut_in_half(file: BinaryFile, tmp_path: Path, decoders: Decoders) -> None:
    content = file.path.read_bytes()
    whole = decoders.run(look_through_root, file)
    parts = [written(tmp_path / f"{n}.root", content[: len(content) // n]) for n in (2, 10, 30)]
    seen = [survived(decoders, look_through_root, part) for part in parts]
    assert whole >= seen[0] >= seen[1] >= seen[2]
    assert seen[2] < whole
    for length in (8, 64):
        with pytest.raises(Undecodable) as raised:
            decoders.run(load_root, written(tmp_path / "half.root", content[:length]))
        assert raised.value.sentence == (
            "This ROOT file cannot be shown: it is damaged or not what its name says."
        )


def test_file_that_is_gone(file: BinaryFile) -> None:
    gone = BinaryFile(file.path.with_name("gone"), "gone.root", 5, file.media_type)
    for look in (lambda: load_root(gone), lambda: read_root(gone, RootPlace(("a;1",)))):
        with pytest.raises(Undecodable, match="No such file") as raised:
            look()
        assert raised.value.may_pass


def test_damaged_files_do_no_harm(file: BinaryFile, tmp_path: Path, decoders: Decoders) -> None:
    content = file.path.read_bytes()
    files = (written(tmp_path / "a.root", damage) for damage in damaged(content, 60, within=20_000))
    seen = [survived(decoders, look_through_root, file) for file in files]
    assert max(seen) > 10
    assert 0 in seen


def test_without_uproot_it_says_what_to_install(file: BinaryFile, tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import sys
        from pathlib import Path

        from importlib.machinery import PathFinder
        find = PathFinder.find_spec
        PathFinder.find_spec = lambda name, *more: None if name == "uproot" else find(name, *more)
        from itkgui.client.files import open_file
        from itkgui.decoding.root import load_root
        from itkgui.decoding.undecodable import Undecodable
        try:
            load_root(open_file(Path(sys.argv[1]), "a.root"))
        except Undecodable as error:
            print(error.sentence, error.cure)
        """
    )
    (tmp_path / "program.py").write_text(script)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    command = [sys.executable, str(tmp_path / "program.py"), str(file.path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "the Python package uproot is not installed." in done.stdout
    assert "pip install 'itkgui[root]'" in done.stdout
