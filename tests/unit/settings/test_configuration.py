"""Where a value comes from: which source counts, how each is told, and what a new setting gets for free."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from itkgui.paths import site_settings_file
from itkgui.settings import Settings
from itkgui.settings.command_line import described
from itkgui.settings.configuration import SITE_VARIABLE, Configuration, Found, Source, load
from itkgui.settings.declaring import Group, setting
from itkgui.settings.kinds import Number, Switch
from itkgui.settings.toml_file import TomlFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Load = Callable[..., Configuration]
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, kw_only=True)
class MoreSettings(Settings):
    """What somebody writes who adds two settings."""

    gloves: bool = setting(False, Switch(), Group.LOOK, "Gloves", "Larger buttons.")
    volume: float = setting(50.0, Number(0, 100, "%"), Group.PROGRAM, "Volume", "Of the tones.")


@pytest.fixture
def load_with(tmp_path: Path) -> Load:
    """Load what a user's file, a site's file, an environment and options say together."""

    def load_all(
        user: str = "", site: str = "", environ: dict[str, str] | None = None, **options: Any
    ) -> Configuration:
        declared = options.pop("declared", Settings)
        (tmp_path / "data" / "config").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "config" / "settings.toml").write_text(user, "utf-8")
        (tmp_path / "site.toml").write_text(site, "utf-8")
        given = {"data_dir": tmp_path / "data", **options}
        return load(given, {SITE_VARIABLE: str(tmp_path / "site.toml"), **(environ or {})}, declared=declared)

    return load_all


def found(configuration: Configuration, name: str) -> Found:
    declared = {one.name: one for one in configuration.declared.declarations()}
    return configuration.found(declared[name])


def test_each_source_counts_over_those_below_it(load_with: Load, tmp_path: Path) -> None:
    """Of five sources any subset may speak; the strongest of it is the one that holds."""
    own = tmp_path / "data" / "config" / "settings.toml"
    says: dict[Source, tuple[dict[str, Any], float, str]] = {
        Source.OPTION: ({"leeway": 1.0}, 1.0, "set by the program"),
        Source.ENVIRONMENT: (
            {"environ": {"ITKDB_LEEWAY": "2"}},
            2.0,
            "set by ITKDB_LEEWAY in the environment",
        ),
        Source.USER: ({"user": "leeway = 3"}, 3.0, "your choice"),
        Source.SITE: ({"site": "leeway = 4"}, 4.0, f"from the site file {tmp_path / 'site.toml'}"),
    }
    for count in range(len(says) + 1):
        for speaking in itertools.combinations(says, count):
            configuration = load_with(**{k: v for one in speaking for k, v in says[one][0].items()})
            here = found(configuration, "leeway")
            strongest = next(iter(speaking), Source.DEFAULT)
            value, origin = says[strongest][1:] if speaking else (2.0, "default")
            assert (here.value, here.origin, here.source) == (value, origin, strongest)
            assert configuration.settings.leeway == value
            assert not configuration.problems
            if strongest is Source.USER:
                assert here.where == str(own)


def test_settings_are_what_they_were_without_any_source(load_with: Load) -> None:
    assert load(environ={}).settings == Settings()
    assert load(environ={}).site_file == site_settings_file()


def test_file_of_the_working_folder_counts_as_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("ITKDB_LEEWAY=7\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    here = found(load(), "leeway")
    assert (here.value, here.origin) == (7.0, f"set by ITKDB_LEEWAY in {tmp_path / '.env'}")


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"])
def test_proxy_of_the_environment_counts_over_the_files(load_with: Load, name: str) -> None:
    configuration = load_with('https_proxy = "http://mine:1"', environ={name: "http://theirs:2"})
    assert configuration.settings.https_proxy == "http://theirs:2"
    assert found(configuration, "https_proxy").where == f"{name} in the environment"


def test_wrong_option_is_an_error_with_its_name(load_with: Load) -> None:
    with pytest.raises(ValueError, match=r"^page_size must be a whole number"):
        load_with(page_size=0)


def test_wrong_variable_is_told_and_leaves_the_rest(load_with: Load) -> None:
    """A desktop sets proxies in terms of its own: nothing of the kind keeps the program from starting."""
    environ = {"ITKGUI_UNDO_SECONDS": "soon", "ALL_PROXY": "ftp://me:canary@host/", "ITKDB_LEEWAY": "3"}
    configuration = load_with("undo_seconds = 20", environ=environ)
    assert (configuration.settings.undo_seconds, configuration.settings.leeway) == (20.0, 3.0)
    first, *others = configuration.problems
    assert first.where == "ITKGUI_UNDO_SECONDS in the environment"
    assert first.what == "ITKGUI_UNDO_SECONDS must be a number from 0 to 600, not 'soon'."
    assert {problem.setting for problem in others} == {"https_proxy", "http_proxy"}
    assert "canary" not in str(others)
    assert configuration.wrong_address is None
    for wrong in ({"environ": {"ITKDB_API_URL": "htps://test/"}}, {"user": "api_url = 'htps://test/'"}):
        there = load_with(**wrong).wrong_address
        assert there is not None
        assert there.setting == "api_url"


def test_file_with_faults_leaves_the_rest_and_the_sources_below(load_with: Load) -> None:
    configuration = load_with('undo_seconds = "x"\ntext_size = 150', "undo_seconds = 20\nthem = 1")
    assert (configuration.settings.undo_seconds, configuration.settings.text_size) == (20.0, 150)
    assert [problem.place.rpartition(os.sep)[2] for problem in configuration.problems] == [
        "settings.toml, line 1",
        "site.toml, line 2",
    ]


@pytest.mark.logs("This site file is not there")
def test_site_file_that_was_named_and_is_not_there_is_told(tmp_path: Path) -> None:
    configuration = load({"data_dir": tmp_path}, {SITE_VARIABLE: str(tmp_path / "none.toml")})
    (problem,) = configuration.problems
    assert (problem.where, problem.cure) == (str(tmp_path / "none.toml"), f"Correct {SITE_VARIABLE}.")
    configuration.log_problems()


def test_data_folder_of_the_site_decides_where_the_users_file_is(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(f"data_dir = '{tmp_path / 'kept'}'", "utf-8")
    (tmp_path / "kept" / "config").mkdir(parents=True)
    (tmp_path / "kept" / "config" / "settings.toml").write_text("text_size = 125", "utf-8")
    configuration = load(environ={SITE_VARIABLE: str(tmp_path / "site.toml")})
    assert configuration.settings.text_size == 125
    assert configuration.paths.log_file == tmp_path / "kept" / "state" / "itkgui.log"


def test_change_and_reset(load_with: Load) -> None:
    before = load_with("text_size = 150", "text_size = 125")
    size = next(one for one in Settings.declarations() if one.name == "text_size")
    assert (before.below(size).value, before.below(size).source) == (125, Source.SITE)
    changed = before.changed("text_size", 200)
    assert (changed.settings.text_size, before.settings.text_size) == (200, 150)
    assert changed.without("text_size").settings.text_size == 125


def test_file_read_again_keeps_what_it_said_where_a_line_cannot_be_taken(
    load_with: Load, tmp_path: Path
) -> None:
    """A slip while one types must not lead to another server, nor to a folder that nobody watches."""
    file = tmp_path / "data" / "config" / "settings.toml"
    before = load_with('api_url = "https://test.example/"\ntext_size = 150', "page_size = 50")
    file.write_text('api_url = "htp:/test.example/"\nundo_seconds = "x"\n', "utf-8")
    for again in (before.reread(), before.reread().reread()):
        assert again.settings.api_url == "https://test.example/"
        assert found(again, "api_url").source is Source.USER
        assert (again.settings.text_size, again.settings.page_size) == (100, 50)  # that line is gone
        assert [(one.setting, one.effect) for one in again.problems] == [
            ("api_url", "What it said before holds."),
            ("undo_seconds", "Another source or the default holds."),
        ]
    assert again.wrong_address is not None
    file.write_text("", "utf-8")
    assert again.reread().settings == Settings(data_dir=tmp_path / "data", page_size=50)


def test_file_read_again_leaves_problems_in_their_order(load_with: Load) -> None:
    before = load_with("them = 1", "undo_seconds = 'x'", {"ITKGUI_TEXT_SIZE": "huge"})
    assert len(before.problems) == 3
    assert before.reread().problems == before.problems


def test_certificates_that_are_of_no_use_are_a_doubt(load_with: Load, tmp_path: Path) -> None:
    configuration = load_with(f"ca_bundle = '{tmp_path / 'ca.pem'}'")
    assert configuration.settings.ca_bundle == tmp_path / "ca.pem"  # not forgotten: nothing else may vouch
    (doubt,) = configuration.doubts
    assert "cannot be read: No such file" in doubt.what
    assert doubt.where.endswith("settings.toml")


# What is printed -------------------------------------------------------------------------------------------


def test_what_is_printed_is_a_settings_file_with_origins(load_with: Load, tmp_path: Path) -> None:
    configuration = load_with(
        'theme = "dark"\neos_hosts = ["a.example"]',
        "undo_seconds = 20",
        {"ITKDB_LEEWAY": "7", "ITKGUI_CA_BUNDLE": str(tmp_path)},
        log_level="debug",
    )
    told = described(configuration)
    values = tomllib.loads(told)
    assert values == {
        "theme": "dark",
        "undo_seconds": 20,
        "leeway": 7,
        "eos_hosts": ["a.example"],
        "ca_bundle": str(tmp_path),
        "log_level": "debug",
        "data_dir": str(tmp_path / "data"),
    }
    origins = dict(re.findall(r"^#?(\w+) = .*  # (.*)$", told, re.MULTILINE))
    assert origins.keys() == {one.name for one in Settings.declarations() if not one.is_secret}
    assert origins["leeway"] == "set by ITKDB_LEEWAY in the environment"
    assert origins["undo_seconds"] == f"from the site file {tmp_path / 'site.toml'}"
    assert (origins["page_size"], origins["log_level"]) == ("default", "set by --log-level")
    assert f"ca_bundle: {tmp_path} cannot be read" in told
    again = tmp_path / "again.toml"
    again.write_text(told, "utf-8")
    read, problems = TomlFile(again).read(Settings.declarations(), is_own=False)
    assert {name: getattr(configuration.settings, name) for name in read} == read
    assert not problems


def test_secrets_are_never_printed(load_with: Load) -> None:
    environ = {
        "ITKDB_ACCESS_CODE1": "canary-one",
        "HTTPS_PROXY": "http://me:canary-two@proxy:1",
        "no_proxy": "localhost",
    }
    told = described(load_with('access_code2 = "canary-three"\nhttp_proxy = 4', environ=environ))
    assert "canary" not in told
    assert re.search(r"access_code1 is set, and never shown +# set by ITKDB_ACCESS_CODE1", told)
    assert "access_code2 is not set" in told
    assert tomllib.loads(told).keys() == {"no_proxy", "data_dir"}


def test_new_setting_needs_nothing_but_its_declaration(load_with: Load) -> None:
    configuration = load_with("volume = 70", "gloves = true", {"ITKGUI_GLOVES": "no"}, declared=MoreSettings)
    assert (found(configuration, "gloves").value, found(configuration, "volume").value) == (False, 70.0)
    assert not configuration.problems
    told = described(configuration)
    assert re.search(r"^gloves = false +# set by ITKGUI_GLOVES in the environment$", told, re.MULTILINE)
    assert re.search(r"^volume = 70 +# your choice$", told, re.MULTILINE)


def test_every_declaration_is_a_sentence_of_its_own() -> None:
    declared = Settings.declarations()
    assert len({one.title for one in declared}) == len(declared)
    for one in declared:
        assert re.fullmatch(r"[A-Z][^.]*(\.[^ ][^.]*)*\.", one.help), one.help


def test_the_readme_lists_them_all() -> None:
    rows = [
        f"| `{one.name}` | {one.help} | {', '.join(f'`{name}`' for name in one.variables)}"
        f"{f', `{one.option}`' if one.option else ''} |"
        for one in Settings.declarations()
    ]
    table = "\n".join(rows)
    assert table in (ROOT / "README.md").read_text("utf-8"), f"the README's table should be\n{table}"
