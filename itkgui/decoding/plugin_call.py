"""How plug-ins are called: on a copy, so that none changes a file by accident, and told as what fails."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from itkgui.client import transfer
from itkgui.client.files import BinaryFile
from itkgui.decoding.decoders import BROKEN, FAULT, LARGE, SLOW, DecoderFault, Decoders
from itkgui.decoding.undecodable import Undecodable
from itkgui.language import N_, _

log = logging.getLogger(__name__)

T = TypeVar("T")

_INSTEAD = {
    SLOW: N_("its plug-in takes too long on it"),
    LARGE: N_("its plug-in needs more memory than it may take here"),
    BROKEN: N_("its plug-in crashes on it"),
    FAULT: N_("its plug-in fails on it"),
}
_BLOCK = 1 << 20  # bytes
_MOST_TOLD = 200  # characters of an error


class PluginFailed(Undecodable):
    """A plug-in gives nothing for a file, or nothing that is of use; the file may be well."""

    cure = N_(
        "The eye beside the name of the file shows the file itself another way. "
        "For its plug-in ask whoever looks after that; the log tells more."
    )


def call_plugin(
    decoders: Decoders, function: Callable[[Path], T], path: Path, name: str, *, patience: float
) -> T:
    """Return what a ``function`` of ``plugins`` makes of a copy of a file, which is called by a name.

    Blocks. Raises PluginFailed for whatever the plug-in does, Undecodable for what this computer cannot do
    at this moment, and Cancelled.
    """
    with _copied(path, name) as copy:
        try:
            return decoders.run(function, copy, patience=patience)
        except Undecodable as error:
            if error.may_pass:
                raise
            why = {_(usual): _(instead) for usual, instead in _INSTEAD.items()}.get(error.why, error.why)
            if isinstance(error, DecoderFault):  # which is in the log already
                why = _("{why} ({error})").format(why=why, error=error.detail[:_MOST_TOLD])
            else:
                log.warning("%s: %s (%s)", name, why, error.detail)
            raise PluginFailed(error.detail, why=why) from error


def call_viewer(decoders: Decoders, function: Callable[[Path], T], file: BinaryFile, *, patience: float) -> T:
    """Return what a plug-in makes of a file that is to be shown, as ``call_plugin`` does."""
    return call_plugin(decoders, function, file.path, file.name, patience=patience)


@contextlib.contextmanager
def _copied(path: Path, name: str) -> Iterator[Path]:
    """Make a copy in a private folder, which goes afterwards with all that is in it by then."""
    with contextlib.ExitStack() as stack:
        try:
            # On some systems nothing goes that is still open in the plug-in's process.
            folder = TemporaryDirectory(prefix="itkgui-", ignore_cleanup_errors=True)
            copy = Path(stack.enter_context(folder), name)
            with path.open("rb") as source, copy.open("wb") as target:
                while block := source.read(_BLOCK):
                    transfer.current().check()
                    target.write(block)
        except OSError as error:
            raise Undecodable(
                str(error),
                why=_("it cannot be copied for its plug-in"),
                cure=_("Check the free space of the disk, then try again."),
            ) from error
        yield copy
