"""Lets imports read no source for PySide; to be loaded before anything else that loads Qt.

Nobody here asks for PySide's ``__feature__``. For that it reads the source of every module that an import
names, and Python keeps what was read: 20 ms and 4 MB until the first window, and more with what comes later.
What it calls comes back in its place: the import of Python, or PySide's ``__lazy_import__`` (6.11).
"""

import builtins
import gc

import PySide6  # noqa: F401 - puts that into the imports

builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
# What a module is made of is no garbage: 8 ms until views.window.garbage_collector takes over.
gc.set_threshold(10_000)
