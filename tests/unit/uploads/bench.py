"""What all sequences of the state machine share."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.settings import Settings
from tests.interop.control import Control

HOME = "MPP"  # where results may be entered


class Bench:
    """What all sequences share: a sandbox, somebody who is signed in there, and the targets.

    What is learned of a sequence that failed is kept in ``evidence``.
    """

    def __init__(
        self, info: dict[str, Any], folder: Path, tell: Callable[[int], None] = lambda _: None
    ) -> None:
        self.info = info
        self._tell = tell
        self.folder = folder
        self.evidence = folder / "evidence"
        found = sandbox_settings(Settings(), info)
        self.database = ProductionDatabase.sign_in(found, AccessCodes(found.access_code1, found.access_code2))
        modules = [
            item
            for item in self.database.search(ComponentQuery(project="P"), 0).items
            if item.label.startswith("20UPGM")
        ]
        modules.sort(key=lambda item: item.location.code != HOME)
        self.targets = [Owner(OwnerKind.COMPONENT, item.code, item.label) for item in modules[:3]]
        self.control = Control(self.database.settings.api_url)
        self.passed = 0  # sequences
        self._at_first = self._codes()

    def note_passed(self) -> None:
        self.passed += 1
        self._tell(self.passed)

    def close(self) -> None:
        with self.control:
            self.database.close()

    def runs(self) -> dict[str, dict[str, Any]]:
        """Return the runs that hold, by id; only at the first of the targets may results be entered."""
        wanted = {"code": self.targets[0].key, "testType": ["MASS_MEASUREMENT"], "state": ["ready"]}
        pages = self.database.client.pages("listTestRunsByComponent", {"filterMap": wanted}, refresh=True)
        return {str(run["id"]): dict(run) for run in pages}

    def mass_of(self, run: str) -> Any:
        """Return what was measured in a run, as the server tells it."""
        answer = self.database.client.get("getTestRun", {"testRun": run}, refresh=True)
        return next(result["value"] for result in answer["results"] if result["code"] == "MASS")

    def tidy(self, before: set[str]) -> None:
        """Delete what a sequence has left at the targets, which would slow down those after it."""
        entries = (entry for target in self.targets for entry in self.database.files.of(target))
        for entry in [entry for entry in entries if entry.code not in before | self._at_first]:
            self.database.files.delete(entry)
        for run in self.runs().keys() - before:
            self.database.client.post("deleteTestRun", {"testRun": run, "reason": "was for a test"})

    def _codes(self) -> set[str]:
        return {entry.code for target in self.targets for entry in self.database.files.of(target)}

    def keep(self, story: list[str], folder: Path) -> None:
        """Keep what tells how a sequence went wrong, and say where."""
        shutil.copytree(folder, self.evidence, dirs_exist_ok=True)
        (self.evidence / "story.txt").write_text("\n".join(story))
        for told in ("log", "state", "faults"):
            found = self.control.told(told)
            text = (
                "\n".join(map(json.dumps, found)) if isinstance(found, list) else json.dumps(found, indent=1)
            )
            (self.evidence / f"{told}.json").write_text(text)
        sys.stderr.write(f"what has happened is told in {self.evidence}\n")
