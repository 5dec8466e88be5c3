"""Settings of a script: by environment variable, by file, or none, and the real names are met."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.interop.conftest import Run
from tests.sandbox_process import SandboxProcess

_PROGRAM = """
import json
import {package} as itkdb
with itkdb.Client() as client:
    found = client.get("getComponent", json={"component": "20UPGM23800001"})
    host = client.prefix_url
    print(json.dumps([found["serialNumber"], client.user.name, host]))
"""


def program_for(package: Any) -> str:
    return _PROGRAM.replace("{package}", package.__name__)


def test_addresses_and_codes_come_from_the_environment(
    package: Any, sandbox: SandboxProcess, run: Run
) -> None:
    info = sandbox.info
    ended = run(
        "python",
        "-c",
        program_for(package),
        ITKDB_API_URL=info["api_url"],
        ITKDB_AUTH_URL=info["auth_url"],
        ITKDB_LEEWAY="5",
    )
    assert ended.returncode == 0, ended.stderr
    serial, name, host = json.loads(ended.stdout)
    assert (serial, host) == ("20UPGM23800001", info["api_url"])
    assert name


def test_settings_come_from_a_file_too(
    package: Any, sandbox: SandboxProcess, run: Run, tmp_path: Path
) -> None:
    info = sandbox.info
    lines = [f"ITKDB_API_URL={info['api_url']}", f"ITKDB_AUTH_URL={info['auth_url']}"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    ended = run("python", "-c", program_for(package))
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)[2] == info["api_url"]


def test_nothing_but_the_codes_is_needed(package: Any, run: Run) -> None:
    """With its settings as they are, a script works with the sandbox as if it were the real servers."""
    ended = run("python", "-c", program_for(package))
    assert ended.returncode == 0, ended.stderr
    serial, _, host = json.loads(ended.stdout)
    assert (serial, host) == ("20UPGM23800001", "https://itkpd.unicornuniversity.net/")


def test_the_bearer_comes_from_the_environment(package: Any, sandbox: SandboxProcess, run: Run) -> None:
    program = f"""
import {package.__name__} as itkdb
user = itkdb.core.UserBearer()
with itkdb.Client(user=user) as client:
    print(len(list(client.get("listProjects"))))
"""
    ended = run("python", "-c", program, ITKDB_AUDREYTWO_API_KEY=sandbox.info["bearer"])
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "4"
