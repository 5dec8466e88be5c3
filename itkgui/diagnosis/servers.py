"""The servers that the program needs, and what it means when one cannot be reached."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from itkgui.client.exceptions import ItkError
from itkgui.client.probe import Probe
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.log import redact
from itkgui.settings import Settings

DATABASE, SIGN_IN, OBJECT_STORE = "database", "sign-in", "object store"


def addresses(settings: Settings) -> Mapping[str, str]:
    """Return an address at each server that answers whoever asks, by what the server is for."""
    scheme = urlsplit(settings.api_url).scheme
    is_production = settings.is_production
    found = {
        DATABASE: urljoin(settings.api_url, "listInstitutions"),
        SIGN_IN: urljoin(settings.auth_url, "listKeys"),
    }
    store = next((host for host in settings.eos_hosts if "*" not in host), "")
    if store:
        found[OBJECT_STORE] = f"{'https' if is_production else scheme}://{store}/"
    return found


@contextlib.contextmanager
def probes(at: Surroundings) -> Iterator[dict[str, Probe]]:
    """Give a probe for each server, closed with the block."""
    settings = at.settings or Settings()
    found = {name: Probe(settings, url) for name, url in addresses(settings).items()}
    try:
        yield found
    finally:
        for probe in found.values():
            probe.close()


def told(error: ItkError, *facts: str) -> Finding:
    """Return what a failed request means as a finding."""
    detail = [redact(error.detail)] if error.detail else []
    sentence = f"{error.title}: {error.sentence}"
    return Finding(Verdict.BROKEN, sentence, error.cure, (*facts, *detail))
