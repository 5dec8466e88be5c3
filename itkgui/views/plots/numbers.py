"""Numbers as a person reads them: on an axis, under the cursor, in a summary."""

from __future__ import annotations

import math
from collections.abc import Sequence

from itkgui.language import _

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FIXED_BELOW, _FIXED_FROM = 1e6, 1e-3


def value_text(value: float, unit: str = "", digits: int = 5) -> str:
    """Return a value to some digits with its unit: ``"-120 V"``, ``"3.2·10⁻⁷ A"``, ``"no value"``."""
    if math.isnan(value):
        return _("no value")
    if math.isinf(value):
        return _("infinite")
    size = abs(value)
    if value == 0 or _FIXED_FROM <= size < _FIXED_BELOW:
        number = f"{value:.{digits}g}"
        if "e" in number:  # rounded to fewer digits than stand before the point
            number = f"{value:.0f}"
    else:
        mantissa, _e, exponent = f"{value:.{digits - 1}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        number = f"{mantissa}·10{str(int(exponent)).translate(_RAISED)}"
    return f"{number} {unit}" if unit else number


def tick_texts(values: Sequence[float], spacing: float) -> list[str]:
    """Return the words of an axis' ticks, all of one kind, with the digits that tell them apart."""
    largest = max((abs(value) for value in values), default=0.0)
    step = math.floor(math.log10(spacing) + 1e-9)
    fixed = step >= -4 and largest < 10**7
    return ["0" if abs(v) < spacing * 1e-6 else _tick_text(v, step, fixed=fixed) for v in values]


def _tick_text(value: float, step: int, *, fixed: bool) -> str:
    if fixed:
        return f"{value:.{max(0, -step)}f}"
    order = math.floor(math.log10(abs(value)) + 1e-9)
    return _scientific(value, order, max(0, order - step))


def decade_text(exponent: int) -> str:
    """Return a power of ten as the tick of a logarithmic axis."""
    if -3 <= exponent <= 4:
        return f"{10.0**exponent:.{max(0, -exponent)}f}"
    return f"10{str(exponent).translate(_RAISED)}"


def _scientific(value: float, order: int, digits: int) -> str:
    mantissa = f"{value / 10.0**order:.{min(digits, 9)}f}"
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    power = f"10{str(order).translate(_RAISED)}"
    return power if mantissa == "1" else f"{mantissa}·{power}"
