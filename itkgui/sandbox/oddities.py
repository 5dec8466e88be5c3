"""The oddities of the real servers: all on by default, each can be switched off by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Oddities:
    """Which of the real servers' peculiarities are shown; the numbers are sections of the API reference."""

    # empty collections are null for one component and [] for the next; off: always [] (§5.3)
    null_lists: bool = True
    # test summaries say dd.MM.yyyy HH:mm; off: as everywhere else (§5.3)
    summary_dates: bool = True
    # deleted test runs are still in the summaries of a component; off: they are not (§5.3)
    deleted_runs: bool = True
    # values from a code table come as code or as text; off: always as code (§5.3)
    code_table_texts: bool = True
    # properties and results whose definition is gone; off: there are none (§5.3, §5.6)
    undefined_properties: bool = True
    # some stage dates carry an offset; off: all end in Z (§5.3)
    date_offsets: bool = True
    # coordinates of institutions are strings in shipments and in newer lists; off: numbers (§9, 10)
    text_coordinates: bool = True
    # content types are whatever the uploader said, junk included; off: what the file name says (§5.5)
    content_types: bool = True
    # an empty file on EOS is answered at the door, without content type; off: like any other file (§6.3)
    empty_eos_files: bool = True
    # idle connections are closed after 5 s; off: after an hour (§1.4)
    idle_close: bool = True
    # writes are answered by the old backend with its own headers; off: one style for all (§1.4)
    header_styles: bool = True

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names as the command line has them."""
        return tuple(entry.name.replace("_", "-") for entry in fields(cls))

    def without(self, names: Iterable[str]) -> Oddities:
        """Return these oddities with some switched off; "all" means every one. Raises ValueError."""
        chosen = set(names)
        if "all" in chosen:
            chosen = set(self.names())
        unknown = chosen.difference(self.names())
        if unknown:
            raise ValueError(f"no such oddity: {', '.join(sorted(unknown))}")
        return replace(self, **{name.replace("-", "_"): False for name in chosen})
