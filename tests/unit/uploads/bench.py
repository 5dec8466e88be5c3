"""What all sequences of the state machine share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from itkgui.client.auth import AccessCodes
from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.settings import Settings
from tests.interop.control import Control

HOME = "MPP"  # where results may be entered


class Bench:
    """What all sequences share: a sandbox, somebody who is signed in there, and the targets."""

    def __init__(self, info: dict[str, Any], folder: Path) -> None:
        self.info = info
        self.folder = folder
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

    def close(self) -> None:
        with self.control:
            self.database.close()

    def runs(self) -> set[str]:
        """Return the ids of the runs where results may be entered."""
        wanted = {"code": self.targets[0].key, "state": ["ready"]}
        pages = self.database.client.pages("listTestRunsByComponent", {"filterMap": wanted}, refresh=True)
        return {str(run["id"]) for run in pages}

    def orphans(self) -> set[str]:
        state = self.control.state()
        return {*state["orphan_records"], *(entry["name"] for entry in state["orphan_bytes"])}
