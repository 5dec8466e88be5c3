"""A program that has put data on the clipboard ends well, and leaves the text that was in them."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication
from itkgui.views.window.clipboard import leave_clipboard

app = QApplication([])
data = QMimeData()
data.setText("20UPGM23800001")
data.setHtml("<b>20UPGM23800001</b>")
app.clipboard().setMimeData(data)
leave_clipboard()
print(app.clipboard().text())
"""


def test_data_on_the_clipboard_do_not_crash_the_end_of_the_program() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["20UPGM23800001"]), done.stderr
