"""Which units can share an axis, and by which factors: prefixes of SI, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from itkgui.language import _

# "C" is left out: in this field [C] is a temperature.
_BASES = frozenset(("V", "A", "F", "Ω", "Ohm", "s", "m", "g", "N", "W", "Hz", "e", "eV", "Pa", "J"))
_PREFIXES = {"f": -15, "p": -12, "n": -9, "µ": -6, "u": -6, "m": -3, "c": -2, "": 0, "k": 3, "M": 6, "G": 9}
_CENTI = frozenset(("m", "N"))
_SPELLINGS = str.maketrans({"μ": "µ", "Ω": "Ω"})  # Greek mu and the ohm sign of old code pages


class MixedUnits(ValueError):
    """Two units that cannot share an axis; the text is a sentence for the user."""


@dataclass(frozen=True)
class Unit:
    """A unit as a base and a power of ten; a text that is no known unit is a base of its own."""

    base: str
    power: int


def unit_of(text: str) -> Unit:
    """Return what a unit's text means: ``"nA"`` is ampere and -9, ``"min"`` is itself."""
    spelled = text.strip().translate(_SPELLINGS)
    if spelled in _BASES:
        return Unit(spelled, 0)
    prefix, base = spelled[:1], spelled[1:]
    if base in _BASES and prefix in _PREFIXES and (prefix != "c" or base in _CENTI):
        return Unit(base, _PREFIXES[prefix])
    return Unit(spelled, 0)


def common_unit(name: str, units: Sequence[str]) -> tuple[str, dict[str, float]]:
    """Return the unit that most of these values have, and the factor from each one to it.

    ``name`` is what the values are called, for the sentence of MixedUnits, raised when two units measure
    different things or one value has none.
    """
    if not units:
        return "", {}
    chosen = Counter(units).most_common(1)[0][0]
    target = unit_of(chosen)
    factors: dict[str, float] = {}
    for text in dict.fromkeys(units):
        unit = unit_of(text)
        if unit.base != target.base:
            raise MixedUnits(
                _(
                    "“{name}” is given in {unit} and in {other}: these cannot share an axis. "
                    "Choose runs of one test type."
                ).format(name=name, unit=chosen or _("no unit"), other=text or _("no unit"))
            )
        factors[text] = 10.0 ** (unit.power - target.power)
    return chosen, factors
