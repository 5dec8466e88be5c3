"""Takes out what PySide puts into Python's imports; to be loaded before anything else that loads Qt.

Nobody here asks for its ``__feature__``. For that it reads the source of every module that an import names,
and Python keeps what was read: 20 ms and 4 MB until the first window, and more with what is loaded later.
"""

import builtins

import PySide6  # noqa: F401 - puts it there

builtins.__import__ = vars(builtins).get("__orig_import__", builtins.__import__)
