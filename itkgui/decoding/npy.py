"""Arrays of numpy: their shape, their type and the range of their values; nothing in them is ever run."""

from __future__ import annotations

import math
import tokenize
import warnings

import numpy as np

from itkgui.client.files import BinaryFile
from itkgui.language import _, ngettext

NPY_TYPE = "application/x-npy"
# What numpy raises for a head that is none.
_DAMAGED = (
    ValueError,
    EOFError,
    SyntaxError,
    TypeError,
    OverflowError,
    MemoryError,
    RecursionError,
    tokenize.TokenError,
)
_MOST_VALUES = 4_000_000  # looked at: enough for a summary, and read at once


def npy_facts(file: BinaryFile) -> list[str]:
    """Return words about an array; those of a damaged one say so. Raises OSError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of heads written by Python 2
            # Not loaded but looked into, and never unpickled: a file of a kilobyte can claim terabytes.
            array = np.load(file.path, mmap_mode="r", allow_pickle=False, max_header_size=100_000)
    except _DAMAGED as error:
        if "pickled" in str(error) or "objects" in str(error):
            return [_("its values are Python objects, which are not read")]
        return [_("its head is damaged, or values are missing")]
    kind = _("of shape {shape}, {kind}").format(shape=array.shape, kind=array.dtype)[:300]
    if array.dtype.kind not in "biuf" or not array.size:
        return [kind]
    part = array.reshape(-1, order="A")[:_MOST_VALUES].astype(np.float64)
    usable = part[np.isfinite(part)]
    facts = [kind]
    if len(usable):
        with np.errstate(all="ignore"):  # a sum that is too large is infinite
            mean = float(usable.mean())
        if math.isfinite(mean):
            words = _("values from {low:.6g} to {high:.6g}, mean {mean:.5g}")
        else:
            words = _("values from {low:.6g} to {high:.6g}")
        facts.append(words.format(low=usable.min(), high=usable.max(), mean=mean))
    if missing := len(part) - len(usable):
        text = ngettext("{count:,} without a number", "{count:,} without a number", missing)
        facts.append(text.format(count=missing))
    if len(part) < array.size:
        facts.append(_("by the first {count:,} of {total:,}").format(count=len(part), total=array.size))
    return facts
