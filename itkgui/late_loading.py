"""Loads what only a signed-in user needs when the sign-in page is on the screen, which comes up sooner so."""

from __future__ import annotations

import asyncio
import importlib

from itkgui.background.worker import Worker

_FIRST = 0.1  # s for the page to be painted, and to take the first key
# Beside the GUI. What touches Qt must not be: PySide makes its classes on first use, which does not bear two
# threads.
WITHOUT_QT = (
    "itkgui.client.database",  # first, since a sign-in is sent by it
    "numpy",
    "itkgui.client.file_cache",
    "itkgui.decoding.decoders",
    "itkgui.uploads.upload_queue",
)
# On the GUI's thread, each a small part of what the last one needs: a key typed meanwhile waits for one only.
WITH_QT = (
    "itkgui.views.context.view_context",
    "itkgui.views.tables.record_view",
    "itkgui.views.search.search_view",
    "itkgui.views.test_runs.test_history_view",
    "itkgui.views.previews.registry",
    "itkgui.views.attachments.attachment_view",
    "itkgui.views.components.component_view",
    "itkgui.views.window.workspace_view",
    "itkgui.session_guard",
)


async def load_workspace(worker: Worker) -> None:
    """Load all that a workspace is made of, but its plots, in pieces of some 50 ms at most."""
    await asyncio.sleep(_FIRST)
    for name in WITHOUT_QT:
        await worker.call(importlib.import_module, name)
    for name in WITH_QT:
        importlib.import_module(name)
        await asyncio.sleep(0)


def load_plots() -> None:
    """Load pyqtgraph, in one piece of 200 ms, and all that is made with it."""
    importlib.import_module("itkgui.views.plots.plot_pane")
