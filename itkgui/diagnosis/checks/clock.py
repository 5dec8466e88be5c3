"""Whether this computer's clock is right: the servers tell the time with every answer."""

from __future__ import annotations

import time

from itkgui.client.answers import moment_in
from itkgui.client.exceptions import ItkError
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.diagnosis.servers import probes
from itkgui.language import _, ngettext
from itkgui.settings import Settings

_TOLD_TO = 1.0  # seconds: what a server tells is cut to whole ones
_TOO_FAR_AHEAD = 20 * 60  # seconds; a session of the identity provider lasts half an hour


def look(at: Surroundings) -> Finding:
    """Compare with the first server that tells the time."""
    failures = []
    with probes(at) as found:
        for name, probe in found.items():
            begun = time.time()
            try:
                header = probe.answer().headers.get("date", "")
            except ItkError as error:
                failures.append(f"{_(name)}: {error}")
                continue
            came = time.time()
            moment = moment_in(header)
            if moment is not None:
                # The server read its clock at some moment between the two.
                return verdict_on(((begun + came) / 2) - moment.timestamp() - _TOLD_TO / 2, probe.host, at)
            failures.append(_("{server}: no Date").format(server=_(name)))
    return Finding(
        Verdict.UNSEEN,
        _("No server told the time, so the clock could not be compared."),
        _("Mend the connection first: see the checks below."),
        failures,
    )


def verdict_on(offset: float, host: str, at: Surroundings) -> Finding:
    """Judge by how many seconds this computer's clock is ahead of a server's; behind is negative."""
    leeway = (at.settings or Settings()).leeway
    seconds = round(abs(offset))
    fact = _("This computer's clock minus that of {host}: {offset:+.1f} s").format(host=host, offset=offset)
    if abs(offset) <= leeway + _TOLD_TO:
        return Finding(Verdict.FINE, _("The clock agrees with the server's."), facts=(fact,))
    way = (
        ngettext("The clock is {count} second ahead.", "The clock is {count} seconds ahead.", seconds)
        if offset > 0
        else ngettext("The clock is {count} second behind.", "The clock is {count} seconds behind.", seconds)
    ).format(count=f"{seconds:,}")
    cure = _("Let this computer follow a time server: timedatectl set-ntp true, or the system's settings.")
    if offset > _TOO_FAR_AHEAD or offset < -(leeway + _TOLD_TO):
        fails = _("Signing in fails by that.")
        return Finding(Verdict.BROKEN, f"{way} {fails}", cure, (fact,))
    odd = _("Dates may look wrong.")
    return Finding(Verdict.CAUTION, f"{way} {odd}", cure, (fact,))
