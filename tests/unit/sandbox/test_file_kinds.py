"""Sample files of rarer kinds: pictures of other cameras, and what is packed in other ways than zip."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile

import numpy as np
from PIL import Image

from tests.unit.sandbox.caller import Caller
from tests.unit.sandbox.test_files import BOTH, of_module, rows


@BOTH
def test_pictures_of_other_cameras(api: Caller, serial: str) -> None:
    found = {name: of_module(api, serial, name) for name in ("power_up.gif", "IMG-WA0012.webp", "CAM1.BMP")}
    pictures = {name: Image.open(io.BytesIO(content)) for name, content in found.items()}
    assert {name: (picture.format, picture.size) for name, picture in pictures.items()} == {
        "power_up.gif": ("GIF", (320, 240)),
        "IMG-WA0012.webp": ("WEBP", (960, 720)),
        "CAM1.BMP": ("BMP", (640, 480)),
    }
    film = pictures["power_up.gif"]
    assert (getattr(film, "n_frames", 1), film.info["duration"]) == (16, 200)
    cold = np.asarray(film.convert("L"), float).mean()
    film.seek(15)
    assert np.asarray(film.convert("L"), float).mean() > cold + 10, "it warms up"


@BOTH
def test_what_is_packed_in_other_ways(api: Caller, serial: str) -> None:
    with tarfile.open(fileobj=io.BytesIO(of_module(api, serial, "scans.tar"))) as plain:
        assert len({name.partition("/")[0] for name in plain.getnames()}) == 3
    with tarfile.open(fileobj=io.BytesIO(of_module(api, serial, "thresholdscan.tar.gz")), mode="r:gz") as one:
        assert len(one.getnames()) == 2
    log = gzip.decompress(of_module(api, serial, "readout.log.gz")).decode()
    assert serial in log.splitlines()[0]
    assert b"\x1b[32m" in lzma.decompress(of_module(api, serial, "tuning.log.xz"))
    assert len(rows(bz2.decompress(of_module(api, serial, "cooling.csv.bz2")).decode())) == 1 + 48 * 60
    with np.load(io.BytesIO(of_module(api, serial, "s_curves.npz"))) as arrays:
        assert arrays["hits"].shape == (len(arrays["threshold"]), len(arrays["charge"]))
    assert np.load(io.BytesIO(of_module(api, serial, "tdac.npy"))).shape == (384, 400)
