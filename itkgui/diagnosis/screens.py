"""Asks Qt which screens there are, as a program of its own: Qt ends it if there is none."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Write what Qt says, as one object of JSON."""
    from PySide6.QtCore import qVersion
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication(sys.argv[:1])
    screens = [
        {
            "name": screen.name(),
            "width": screen.geometry().width(),
            "height": screen.geometry().height(),
            "scale": screen.devicePixelRatio(),
        }
        for screen in application.screens()
    ]
    told = {"qt": qVersion(), "platform": application.platformName(), "screens": screens}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
