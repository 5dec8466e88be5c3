"""Settings: where they come from, and which source wins."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from itkgui.itkdb.settings import Settings, core_settings

_ROOT = Path(__file__).parents[3]


def test_defaults_are_those_of_production() -> None:
    settings = Settings()
    assert settings.ITKDB_API_URL == "https://itkpd.unicornuniversity.net/"
    assert (settings.ITKDB_ACCESS_CODE1, settings.ITKDB_AUDREYTWO_API_KEY, settings.ITKDB_LEEWAY) == (
        "",
        "",
        2,
    )
    audience = settings.ITKDB_ACCESS_AUDIENCE
    assert f"openid {audience}" == settings.ITKDB_ACCESS_SCOPE
    assert settings.ITKDB_CASSETTE_LIBRARY_DIR
    with pytest.raises(AttributeError, match="ITKDB_NONE"):
        _ = settings.ITKDB_NONE


def test_the_environment_wins_over_modules_and_configure_over_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = 'ITKDB_ACCESS_CODE1 = "module"\nITKDB_ACCESS_CODE2 = "module"\nOWN = 3\nsmall = 1\n'
    (tmp_path / "settings_of_mine.py").write_text(lines)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("SIMPLE_SETTINGS", "itkdb.settings.base, settings_of_mine")
    monkeypatch.setenv("ITKDB_ACCESS_CODE2", "environment")
    monkeypatch.setenv("ITKDB_LEEWAY", "50")
    settings = Settings()
    assert (settings.ITKDB_ACCESS_CODE1, settings.ITKDB_ACCESS_CODE2) == ("module", "environment")
    assert (settings.ITKDB_LEEWAY, settings.OWN) == (50, 3)
    settings.configure(ITKDB_ACCESS_CODE2="process")
    assert settings.as_dict()["ITKDB_ACCESS_CODE2"] == "process"
    assert "small" not in settings.as_dict()


def test_a_number_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITKDB_LEEWAY", "soon")
    with pytest.raises(ValueError, match="soon"):
        _ = Settings().ITKDB_LEEWAY


def test_the_core_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITKDB_API_URL", "https://example.org/api")
    monkeypatch.setenv("ITKGUI_EOS_HOSTS", "eos.example.org")
    core = core_settings(leeway=7.0)
    assert (core.api_url, core.leeway) == ("https://example.org/api/", 7.0)
    assert core.eos_hosts == ("eos.example.org",)
    with pytest.raises(ValueError, match="api_url"):
        core_settings(api_url="http://example.org/")


@pytest.mark.parametrize("is_set", [False, True])
def test_a_file_fills_what_the_environment_leaves(tmp_path: Path, is_set: bool) -> None:
    (tmp_path / ".env").write_text("ITKDB_ACCESS_CODE1=filed\nOTHER_VARIABLE=seen\n")
    program = (
        "import os; from itkgui import itkdb\n"
        "codes = itkdb.settings.ITKDB_ACCESS_CODE1, itkdb.core.User().access_code1\n"
        "print(*codes, os.environ['OTHER_VARIABLE'])"
    )
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(_ROOT)}
    if is_set:
        environment["ITKDB_ACCESS_CODE1"] = "set"
    said = subprocess.check_output(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, text=True, timeout=30
    )
    assert said.split() == (["set", "set", "seen"] if is_set else ["filed", "filed", "seen"])
