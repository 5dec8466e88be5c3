"""The oddities of the real servers: all on by default, each can be switched off by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace


def _oddity(text: str) -> bool:
    """Declare an oddity, which is on at first, with what it does and what there is without it."""
    declared: bool = field(default=True, metadata={"text": text})
    return declared


@dataclass(frozen=True)
class Oddities:
    """Which of the real servers' peculiarities are shown; § names sections of the API reference."""

    null_lists: bool = _oddity(
        "empty collections are null for one component and [] for the next; off: always [] (§5.3)"
    )
    summary_dates: bool = _oddity("test summaries say dd.MM.yyyy HH:mm; off: as everywhere else (§5.3)")
    deleted_runs: bool = _oddity(
        "deleted test runs are still in the summaries of a component; off: they are not (§5.3)"
    )
    code_table_texts: bool = _oddity(
        "values from a code table come as code or as text; off: always as code (§5.3)"
    )
    undefined_properties: bool = _oddity(
        "properties and results whose definition is gone; off: there are none (§5.3, §5.6)"
    )
    date_offsets: bool = _oddity("some stage dates carry an offset; off: all end in Z (§5.3)")
    text_coordinates: bool = _oddity(
        "coordinates of institutions are strings in shipments and in newer lists; off: numbers (§9, 10)"
    )
    content_types: bool = _oddity(
        "content types are what the uploader said, junk included; off: what the file name says (§5.5)"
    )
    empty_eos_files: bool = _oddity(
        "an empty file is answered at the door of EOS, without content type; off: like any other (§6.3)"
    )
    idle_close: bool = _oddity("idle connections are closed after 5 s; off: after an hour (§1.4)")
    header_styles: bool = _oddity(
        "writes are answered by the old backend with its own headers; off: one style for all (§1.4)"
    )

    @classmethod
    def described(cls) -> dict[str, str]:
        """Return what each of them is, by its name as the command line has it."""
        return {entry.name.replace("_", "-"): entry.metadata["text"] for entry in fields(cls)}

    def without(self, names: Iterable[str]) -> Oddities:
        """Return these oddities with some switched off; "all" means every one. Raises ValueError."""
        chosen = set(names)
        if "all" in chosen:
            chosen = set(self.described())
        unknown = chosen.difference(self.described())
        if unknown:
            raise ValueError(f"no such oddity: {', '.join(sorted(unknown))}")
        return replace(self, **{name.replace("-", "_"): False for name in chosen})
