"""What is still to be done before files under review can be sent, in words."""

from __future__ import annotations

from itkgui.item_models.review_table import Tally


def obstacle_in(tally: Tally, *, is_gathering: bool) -> str:
    """Return what keeps all from being sent; empty if nothing does."""
    count = tally.count
    if is_gathering or tally.unseen or tally.uncopied_runs:
        return f"Looking at the files… {count - tally.unseen:,} of {count:,}"
    if tally.broken:
        some, none = "Remove the marked files to go on.", "None of these can be sent."
        return some if tally.broken < count else none
    if tally.undecided:
        what = "row" if tally.runs else "file"
        which = what if tally.undecided == 1 else f"{tally.undecided:,} {what}s"
        return f"Decide about the {which} marked red to go on."
    for number, sentence in (
        (tally.homeless, "The target chosen before is gone; choose another."),
        (tally.mistyped, "A title or a description has a field that there is not: correct it."),
        (tally.untitled, "Every file needs a title."),
        (tally.uncompared, "Comparing with what is there…"),
        (tally.to_skip, "Looking for more that is to be left out…"),
        (tally.growing, "Waiting for a file that is still being written."),
    ):
        if number:
            return sentence
    return "" if count else "There is nothing to send."
