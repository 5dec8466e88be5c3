"""One start of the program, or of an empty window; tells as lines of JSON what was reached when, then waits.

    python -m tests.benchmarks.start_worker TASK

The task is JSON: ``{"imports": {...}}`` opens an empty QMainWindow once these names are imported, by their
modules, and
``{"info": {...}, "folder": "...", "component": "20U..."}`` the program on a sandbox, where it opens this
component or, without a name, stays at the sign-in page. Moments are seconds since the epoch. Each ends when
its standard input does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from itkgui.application import Application


def main() -> int:
    task = json.loads(sys.argv[1])
    return _program(task) if "info" in task else _empty(task["imports"])


def _tell(reached: str, more: Callable[[], dict[str, Any]] = dict) -> None:
    told = {"reached": reached, "moment": time.time(), "processor": time.process_time()}
    sys.stdout.write(json.dumps(told | more()) + "\n")  # what is found out now takes no part of that time
    sys.stdout.flush()


def _imports() -> dict[str, list[str]]:
    """Return what this process has imported of PySide6: the names, by their modules."""
    found: dict[str, set[str]] = {name: set() for name in sys.modules if name.startswith("PySide6.Qt")}
    for module in list(sys.modules.values()):
        if module.__name__.startswith("PySide6"):
            continue
        for name, value in vars(module).items():
            if (home := getattr(value, "__module__", "")) in found and hasattr(sys.modules[home], name):
                found[home].add(name)
    return {home: sorted(names) for home, names in sorted(found.items())}


def _empty(imports: dict[str, list[str]]) -> int:
    import importlib

    for home, names in imports.items():
        module = importlib.import_module(home)
        for name in names:
            getattr(module, name)  # PySide makes a class when its name is imported first
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        """Tells of its first paint."""

        is_told = False

        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() is QEvent.Type.Paint and not self.is_told:
                self.is_told = True
                _tell("window")
            return done

    application = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1366, 768)
    window.show()
    while not window.is_told:
        application.processEvents()
    sys.stdin.read()
    return 0


def _program(task: dict[str, Any]) -> int:
    import asyncio
    from pathlib import Path

    from itkgui import log, program
    from itkgui.application import Options
    from itkgui.embedded_sandbox import sandbox_settings
    from itkgui.settings import Settings
    from itkgui.single_instance import Wish
    from tests.configured import configured

    configuration = configured(sandbox_settings(Settings(), task["info"]), Path(task["folder"]))
    log.set_up("warning", configuration.paths.log_file)

    async def until(condition: Callable[[], Any]) -> None:
        while not condition():
            await asyncio.sleep(0.002)

    async def drive(application: Application) -> int:
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        login = application.window.login
        await until(lambda: login.isVisible() and login.sign_in_button.isEnabled())
        # Usable is what takes a key and shows it.
        before, none = login.code1.text(), Qt.KeyboardModifier.NoModifier
        QApplication.postEvent(login.code1, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, none, "a"))
        await until(lambda: login.code1.text() != before)
        application.window.grab()
        _tell("sign-in page", lambda: {"imports": _imports()})
        if not task["component"]:
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
            return 0
        login.code1.setText(before)
        login.sign_in_button.click()
        # By its name: what would import the class here would load all that belongs to it, before the program.
        await until(lambda: type(_page(application)).__name__ == "ComponentView")
        page = _page(application)
        assert page is not None
        await until(page.isVisible)
        page.grab()
        _tell("component")
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        return 0

    return program.run(Options(configuration, wish=Wish(task["component"])), drive)


def _page(application: Application) -> QWidget | None:
    workspace = application.window.workspace
    return workspace.open.front if workspace is not None else None


if __name__ == "__main__":
    sys.exit(main())
