"""Code 128, the bar code that every scanner reads: a text as the widths of bars and gaps (ISO/IEC 15417)."""

from __future__ import annotations

from collections.abc import Sequence

QUIET = 10  # modules of white that must be on both sides

_FIRST, _LAST = " ", "\x7f"  # of code set B
_START_B, _STOP = 104, "2331112"
# For each value from 0 to 105 the widths of three bars and three gaps, in modules.
_ALL = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
_WIDTHS = [_ALL[begin : begin + 6] for begin in range(0, len(_ALL), 6)]


def widths(text: str) -> Sequence[int]:
    """Return the widths of bars and gaps in turn, a bar first, in modules.

    Raises ValueError for a text with characters that are not ASCII, or cannot be printed.
    """
    if not text or not all(_FIRST <= char < _LAST for char in text):
        raise ValueError(f"not to be written as Code 128: {text!a}")
    values = [ord(char) - ord(_FIRST) for char in text]
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    symbols = [_WIDTHS[value] for value in (_START_B, *values, check)]
    return [int(width) for width in "".join([*symbols, _STOP])]
