"""What a run returns is documented where people look: in the help of every command, and in the README."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from itkgui import exit_codes
from itkgui.__main__ import main
from itkgui.exit_codes import ExitCode

README = Path(__file__).parents[2] / "README.md"


def test_numbers_are_those_that_scripts_know() -> None:
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 7, 130]
    assert len({code.meaning for code in ExitCode}) == len(ExitCode)


def test_readme_has_the_same_table() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", README.read_text("utf-8"), re.MULTILINE)
    assert rows == [(str(code.value), code.meaning) for code in ExitCode]


@pytest.mark.parametrize("command", [[], ["upload"], ["queue"], ["doctor"]], ids=str)
def test_help_of_every_command_has_it(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == ExitCode.DONE
    assert exit_codes.table() in capsys.readouterr().out
