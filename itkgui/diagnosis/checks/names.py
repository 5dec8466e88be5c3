"""Whether the names of the servers are known here (DNS)."""

from __future__ import annotations

import ipaddress

from itkgui.client.exceptions import ItkError
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.diagnosis.servers import probes
from itkgui.language import _


def look(at: Surroundings) -> Finding:
    """Look up every name that is not looked up by a proxy."""
    known, unknown, facts = [], [], []
    with probes(at) as found:
        for probe in found.values():
            if probe.proxy:
                facts.append(_("{host}: looked up by the proxy").format(host=probe.host))
                continue
            try:
                places = probe.addresses()
            except ItkError as error:
                unknown.append(probe.host)
                facts.append(error.detail)  # which names the host
            else:
                known.append(probe.host)
                facts.append(f"{probe.host}: {', '.join(places)}")
    if unknown and known:
        return Finding(
            Verdict.BROKEN,
            _("Nobody here knows {hosts}.").format(hosts=", ".join(unknown)),
            _("Check the servers' addresses in the settings, then ask your network administrator."),
            facts,
        )
    if unknown:
        return Finding(
            Verdict.BROKEN,
            _("No name of a server can be looked up: {hosts}.").format(hosts=", ".join(unknown)),
            _("Check the network cable or Wi-Fi; if others are on line, the name server (DNS) is at fault."),
            facts,
        )
    if not known:
        return Finding(Verdict.FINE, _("The proxy looks up the names of the servers."), facts=facts)
    if all(_is_number(host) for host in known):
        return Finding(
            Verdict.FINE, _("The servers are named by number: there is nothing to look up."), "", facts
        )
    return Finding(Verdict.FINE, _("The names of all servers are known."), facts=facts)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
