"""What the README shows of scripts is run as it stands, against the sandbox."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from tests.interop.conftest import Run
from tests.sandbox_process import SandboxProcess

_README = Path(__file__).parents[2] / "README.md"
_SECTION = re.compile(r"^## From a script\n(.*?)(?=^## )", re.DOTALL | re.MULTILINE)
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?<=\n\n)(?:(?: {4}.*)?\n)+", re.MULTILINE)


def programs() -> list[str]:
    """Return the Python programs in the section; an indented block is one if it imports something."""
    section = _SECTION.search(_README.read_text(encoding="utf-8"))
    assert section is not None, "the README has no such section"
    found = [code for language, code in _FENCED.findall(section[1]) if language == "python"]
    for block in _INDENTED.findall(_FENCED.sub("", section[1])):
        code = textwrap.dedent(block).strip()
        if re.search(r"^(import|from) ", code, re.MULTILINE):
            found.append(code)
    return found


def test_there_is_something_to_run() -> None:
    assert programs()


@pytest.mark.parametrize("program", programs())
def test_a_program_of_the_readme_runs(sandbox: SandboxProcess, run: Run, program: str) -> None:
    info = sandbox.info
    ended = run("python", "-c", program, ITKDB_API_URL=info["api_url"], ITKDB_AUTH_URL=info["auth_url"])
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout or "print" not in program
