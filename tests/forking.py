"""Forks processes from one that has loaded their code, which takes longer than to start one."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

_loaded: list[str] = []


def can_fork() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


def forking(*modules: str) -> ForkServerContext:
    """Return what starts processes that have modules loaded, if it is asked for before the first is started.

    All of this program's are forked from the same one: who asked for theirs last would have them alone.
    """
    _loaded.extend(modules)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_loaded)
    return context
