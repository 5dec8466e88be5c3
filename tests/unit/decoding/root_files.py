"""Writes ROOT files with one object of each kind that the program shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import awkward
import numpy as np
import numpy.typing as npt
import uproot
from uproot.models.TGraph import Model_TGraphErrors_v3
from uproot.serialization import numbytes_version
from uproot.writing import identify

CHARGES = np.array([1.0, 2.0, 2.0, 3.0, np.nan])


class GraphWithErrors(Model_TGraphErrors_v3):  # type: ignore[misc]
    """A TGraphErrors that can be written, which uproot only reads."""

    class_rawstreamers = ()
    classname = "TGraphErrors"

    def __init__(self, graph: Any, errors: npt.NDArray[np.float64]) -> None:
        self._graph, self._errors = graph, errors
        self.fTitle = graph.member("fTitle")

    def to_writable(self) -> GraphWithErrors:
        return self

    def _serialize(self, out: list[bytes], header: bool, name: str, flags: Any) -> None:
        inner: list[bytes] = []
        self._graph._serialize(inner, True, name, flags)
        for values in (np.zeros_like(self._errors), self._errors):
            inner += [b"\x01", values.astype(">f8").tobytes()]
        out += [numbytes_version(sum(map(len, inner)), 3), *inner]


def with_flow(values: npt.NDArray[np.float64], low: float = 0, high: float = 0) -> npt.NDArray[np.float64]:
    return np.array([low, *values, high]).astype(">f8")


def axis(name: str, title: str, edges: npt.NDArray[np.float64]) -> Any:
    return identify.to_TAxis(name, title, len(edges) - 1, edges[0], edges[-1])


def histogram(title: str = "Threshold of all pixels") -> Any:
    """Return a TH1 with counts 4, 9 and 1, one below and two above, its errors twice the usual ones."""
    edges, counts = np.array([0.0, 10.0, 20.0, 30.0]), np.array([4.0, 9.0, 1.0])
    return identify.to_TH1x(
        fName=None,
        fTitle=title,
        data=with_flow(counts, 1, 2),
        fEntries=17.0,
        fTsumw=14.0,
        fTsumw2=14.0,
        fTsumwx=180.0,
        fTsumwx2=2750.0,
        fSumw2=with_flow(4 * counts),
        fXaxis=axis("xaxis", "Threshold [e]", edges),
        fYaxis=axis("yaxis", "Pixels", np.array([0.0, 1.0])),
        fZaxis=axis("zaxis", "", np.array([0.0, 1.0])),
    )


def profile() -> Any:
    """Return a TProfile with means 2 and 5 in its two bins, of 4 entries each."""
    return identify.to_TProfile(
        fName=None,
        fTitle="Charge over time",
        data=with_flow(np.array([8.0, 20.0])),
        fEntries=8.0,
        fTsumw=8.0,
        fTsumw2=8.0,
        fTsumwx=8.0,
        fTsumwx2=10.0,
        fTsumwy=28.0,
        fTsumwy2=120.0,
        fSumw2=with_flow(np.array([20.0, 104.0])),
        fBinEntries=with_flow(np.array([4.0, 4.0])),
        fBinSumw2=np.zeros(0),
        fXaxis=axis("xaxis", "Time [s]", np.array([0.0, 1.0, 2.0])),
        fYaxis=axis("yaxis", "Charge [ke]", np.array([0.0, 1.0])),
    )


def graph() -> Any:
    points = {"x": np.array([0.0, 10.0, 20.0]), "y": np.array([0.0, 1.5, 2.5])}
    return uproot.as_TGraph(points, title="IV curve", xAxisLabel="Voltage [V]", yAxisLabel="Current (nA)")


def write_root(path: Path) -> Path:
    """Write one object of each kind, some in folders."""
    with uproot.recreate(path) as file:
        file["threshold"] = histogram()
        file["threshold"] = histogram("Once more")
        file["occupancy"] = np.histogram2d([0.5, 0.5, 2.5], [0.5, 1.5, 1.5], bins=([0, 1, 2, 3], [0, 1, 2]))
        file["uneven"] = np.histogram2d([0.5, 5], [0.5, 1.5], bins=([0, 1, 9], [0, 1, 2]))
        file["charge"] = profile()
        file["note"] = "source 90Sr, 300 s"
        file["scans/deep/iv"] = graph()
        file["scans/errors"] = GraphWithErrors(graph(), np.array([0.1, 0.2, 0.3]))
        file["cube"] = np.histogramdd(np.zeros((2, 3)), bins=(2, 2, 2))
        kinds = {"charge": "float64", "column": "int32", "jets": "var * float32", "none": "float64"}
        file.mktree("hits", kinds)
        jets = awkward.Array([[1.0, 2.0, 3.0], [], [4.0], [], []])
        columns = np.array([1, 1, 2, 3, 3], np.int32)
        nothing = np.full(5, np.inf)
        file["hits"].extend({"charge": CHARGES, "column": columns, "jets": jets, "none": nothing})
    return path


def write_tuple(path: Path) -> Path:
    """Write an RNTuple, as uproot does for whoever assigns a dictionary."""
    lists = awkward.Array([[1.0, 2.0, 3.0], [], [4.0], [], []])
    pairs = awkward.Array([{"row": n, "share": n / 2} for n in range(5)])
    names = awkward.Array(["a", "b", "c", "d", "e"])
    with uproot.recreate(path) as file:
        file["hits"] = {"charge": CHARGES, "jets": lists, "pairs": pairs, "names": names}
    return path


def write_histograms(path: Path, count: int) -> Path:
    """Write many histograms of 100 bins."""
    dice = np.random.default_rng(1)
    with uproot.recreate(path) as file:
        for number in range(count):
            file[f"threshold_{number:03}"] = np.histogram(dice.normal(1500, 60, 1000), 100)
    return path
