"""Viewers of other packages: used where somebody allows them, and never able to harm the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.client.files import open_file
from itkgui.decoding import plugins
from itkgui.views.previews.plugin import PluginPreview
from tests.gui.person import words
from tests.gui.previewing import Viewer


@pytest.mark.logs("load_by_plugin failed|(again|nothing).mpx: its plug-in|map.xyz: no plug-in")
@pytest.mark.usefixtures("labtools")
def test_plugin_shows_its_files_when_allowed_and_its_faults_are_told(viewer: Viewer, tmp_path: Path) -> None:
    content = viewer.content

    def show(text: str) -> None:
        path = tmp_path / f"{text}.mpx"
        path.write_text(text)
        content.show_file(open_file(path, path.name))

    def until_told(sentence: str) -> None:
        viewer.qtbot.waitUntil(lambda: sentence in words(content.trouble))

    show("well")
    viewer.qtbot.waitUntil(lambda: content.shown_kind == "text")
    assert "plugin" not in content.kinds
    plugins.allow([".MPX"])
    show("well")
    viewer.qtbot.waitUntil(lambda: content.shown_kind == "plugin" and content.is_settled)
    shown = content.currentWidget()
    assert isinstance(shown, PluginPreview)
    assert shown.inner.shown_kind == "table"
    assert content.kinds == ("plugin", "table", "text", "bytes")
    content.show_as("text")
    viewer.qtbot.waitUntil(lambda: content.shown_kind == "text")
    for text, told in (
        ("worse", "its plug-in fails on it (KeyError: 'worse')"),
        ("again", "needs a plug-in, too"),
        ("nothing", "gives no file"),
    ):
        show(text)
        until_told(told)
        assert content.kinds[-1] == "bytes"
    plugins.allow(["xyz"])
    path = tmp_path / "map.xyz"
    path.write_text("well")
    content.show_file(open_file(path, path.name))
    until_told("no plug-in for “.xyz” is installed")
