"""Whether the servers can prove who they are (TLS)."""

from __future__ import annotations

from datetime import timedelta

from itkgui.client.exceptions import ItkError, TlsFailed
from itkgui.client.probe import Certificate, Probe, now
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.diagnosis.servers import probes, told
from itkgui.language import _

_SOON = timedelta(days=14)


def look(at: Surroundings) -> Finding:
    """Shake hands with every server that speaks TLS."""
    facts: list[str] = []
    caution = ""
    unreached: Finding | None = None
    with probes(at) as found:
        shaken = [probe for probe in found.values() if probe.uses_tls]
        for probe in shaken:
            try:
                shown = probe.certificate()
            except TlsFailed as error:
                return _distrust(probe, error, facts)
            except ItkError as error:
                unreached = unreached or told(error)
                facts.append(f"{probe.host}: {error}")
                continue
            facts.append(f"{probe.host}: {_described(shown)}")
            if shown.ends - now() < _SOON:
                caution = _("The certificate of {host} ends on {day:%Y-%m-%d}.").format(
                    host=probe.host, day=shown.ends
                )
    if not shaken:
        return Finding(Verdict.UNSEEN, _("The servers are on this computer and speak no TLS."), facts=facts)
    if unreached is not None:
        sentence = _("Not every server was reached, so its certificate was not seen.")
        return Finding(Verdict.UNSEEN, sentence, unreached.cure, facts)
    if caution:
        return Finding(Verdict.CAUTION, caution, _("Tell the database's support."), facts)
    return Finding(Verdict.FINE, _("All servers can prove who they are."), facts=facts)


def _distrust(probe: Probe, error: TlsFailed, facts: list[str]) -> Finding:
    """Tell why a server is not trusted, from what it shows of itself."""
    found = told(error, *facts)
    try:
        shown = probe.untrusted_certificate()
    except ItkError as second:
        return Finding(
            found.verdict, f"{probe.host}: {found.sentence}", found.cure, (*found.facts, str(second))
        )
    lines = (*found.facts, f"{probe.host}: {_described(shown)}")
    if not shown.begins <= now() <= shown.ends:
        sentence = _("The certificate of {host} is not valid today: {begins:%Y-%m-%d} to {ends:%Y-%m-%d}.")
        cure = _("Check this computer's date; if that is right, tell the server's administrators.")
    else:
        sentence = _("{host} shows a certificate that this computer does not trust, made by {issuer}.")
        cure = _(
            "If that is your network's proxy, save its authority as a PEM file and name it under Settings,"
            " Network, Certificates; if nobody knows it, do not sign in here."
        )
    values = {"host": probe.host, "issuer": shown.issuer, "begins": shown.begins, "ends": shown.ends}
    return Finding(Verdict.BROKEN, sentence.format(**values), cure, lines)


def _described(shown: Certificate) -> str:
    words = _("{subject}, made by {issuer}, until {ends:%Y-%m-%d}").format(
        subject=shown.subject, issuer=shown.issuer, ends=shown.ends
    )
    return f"{words} ({shown.protocol})" if shown.protocol else words
