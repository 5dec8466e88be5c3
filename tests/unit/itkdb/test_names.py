"""The names that a script imports, what importing them costs, and the files that come with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

import itkgui
import itkgui.itkdb as itkdb
from itkgui.itkdb.models.component import Component

_ROOT = Path(__file__).parents[3]
# SHA-256 of the public certificates of CERN (ca.cern.ch).
_CERTIFICATES = {
    "CERN Root Certification Authority 2": "187f4f7b1315ebd2b72547c1accf2ec4077d51c14a0ce574904a9fdaea8a320c",
    "CERN Grid Certification Authority": "74f5b602807c76f5651c73f78eb7442ca2ab735dcdc1d1890d386e16414b51fd",
}


@pytest.mark.parametrize(
    "name",
    [
        "Client",
        "core.Session",
        "core.User",
        "core.UserBearer",
        "eos.put",
        "eos.delete",
        "models.BinaryFile",
        "models.ImageFile",
        "models.TextFile",
        "models.ZipFile",
        "models.component.Component",
        "models.institution.make_institution_list",
        "responses.PagedResponse",
        "typing.UserLike",
        "utils.get_file_components",
        "exceptions.ITkDBException",
        "exceptions.InvalidInvocation",
        "exceptions.DuplicateTestRuns",
        "settings.ITKDB_API_URL",
    ],
)
def test_a_name_is_there(name: str) -> None:
    found = itkdb
    for part in name.split("."):
        found = getattr(found, part)
    assert itkgui.itkdb is itkdb
    assert Component is itkdb.models.component.Component
    assert itkdb.__version__.startswith("0.6.")  # whose contract it keeps


def test_importing_loads_no_more_than_is_needed() -> None:
    """Weak point 21: neither libmagic nor pycurl; what only some scripts need comes later."""
    program = "import sys, itkgui.itkdb; print(*(name for name in sys.modules if '.' not in name))"
    said = subprocess.check_output(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(_ROOT)}, text=True, timeout=30
    )
    late = {
        "magic",
        "pylibmagic",
        "pycurl",
        "jwt",
        "requests_cache",
        "puremagic",
        "dotenv",
        "sqlite3",
        "PySide6",
    }
    assert not late & set(said.split())
    assert "requests" in said.split()


def test_certificates_of_cern_come_with_it() -> None:
    found = x509.load_pem_x509_certificates((itkdb.data / "CERN_chain.pem").read_bytes())
    names = [str(c.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value) for c in found]
    assert (
        dict(zip(names, (c.fingerprint(hashes.SHA256()).hex() for c in found), strict=True)) == _CERTIFICATES
    )
