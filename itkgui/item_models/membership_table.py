"""The institutions of a person in rows, and what the rights there allow (API reference §2.5)."""

from __future__ import annotations

from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import N_, _
from itkgui.records.people import Membership

_RIGHTS = {
    "executive": (N_("executive"), N_("one stage forward, not back, and not out of the last one")),
    "authority": (N_("authority"), N_("any stage")),
    "componentManager": (N_("component manager"), ""),
    "clusterManager": (N_("cluster manager"), N_("acts for several institutions")),
}


def rights_text(membership: Membership) -> str:
    """Return the rights as people call them."""
    titles = [_(_RIGHTS[right][0]) if right in _RIGHTS else right for right in membership.rights]
    return ", ".join(titles) or _("member")


def allowed_text(membership: Membership) -> str:
    """Return what the rights allow, as far as the database tells it."""
    told = [_RIGHTS[right][1] for right in membership.rights if right in _RIGHTS]
    if "authority" in membership.rights:  # which allows what an executive may, and more
        told = [words for words in told if words != _RIGHTS["executive"][1]]
    return "; ".join(_(words) for words in told if words) or _("files and comments")


class MembershipTable(RecordTable[Membership]):
    """Where somebody belongs."""

    def __init__(self) -> None:
        super().__init__(
            (
                Column(N_("Code"), lambda m: m.institution.code),
                Column(N_("Institution"), lambda m: m.institution.name),
                Column(N_("Yours"), lambda m: _("home") if m.is_default else ""),
                Column(N_("Rights"), rights_text, hint=rights_text),
                Column(N_("Allows"), allowed_text, hint=allowed_text),
            )
        )
