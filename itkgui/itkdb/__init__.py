"""The vocabulary of the itkdb package on this project's client: a script changes one line, its import.

A façade of names over ``itkgui.client``, which does the work. What it does better on purpose stands in
``tests/interop``, beside what the two have in common.
"""

from itkgui.itkdb import core, eos, exceptions, models, responses, typing, utils
from itkgui.itkdb.client import Client
from itkgui.itkdb.data import path as data
from itkgui.itkdb.settings import settings

# The release of the reference package whose contract is kept (API reference §7), for scripts that look.
__version__ = "0.6.20"

__all__ = [
    "Client",
    "__version__",
    "core",
    "data",
    "eos",
    "exceptions",
    "models",
    "responses",
    "settings",
    "typing",
    "utils",
]
