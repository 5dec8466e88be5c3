"""Whether there is a proxy between here and the servers, and whether it lets the program through."""

from __future__ import annotations

from itkgui.client.exceptions import ItkError
from itkgui.client.proxies import ProxyWantsPassword
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.diagnosis.servers import probes, told
from itkgui.language import _
from itkgui.log import redact


def look(at: Surroundings) -> Finding:
    """Go through each proxy that is set, to the server it is set for."""
    facts, tried = [], set()
    with probes(at) as found:
        for probe in found.values():
            name = redact(probe.proxy)
            through = name or _("without a proxy")
            facts.append(f"{probe.host}: {through}")
            if not name or name in tried:
                continue
            tried.add(name)
            try:
                probe.proxy_addresses()
            except ItkError as error:
                return Finding(
                    Verdict.BROKEN,
                    _("The proxy {proxy} cannot be reached.").format(proxy=name),
                    _("Correct it under Settings, Network, or in HTTPS_PROXY; empty it if there is none."),
                    (*facts, redact(error.detail)),
                )
            try:
                probe.answer()
            except ProxyWantsPassword as error:
                return told(error, *facts)
            except ItkError as error:
                facts.append(redact(f"{probe.host}: {error}"))  # another check says what that means
    if not tried:
        return Finding(Verdict.FINE, _("The servers are reached directly, without a proxy."), facts=facts)
    return Finding(
        Verdict.FINE, _("The proxy {proxy} answers.").format(proxy=", ".join(sorted(tried))), facts=facts
    )
