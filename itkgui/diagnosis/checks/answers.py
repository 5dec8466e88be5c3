"""Whether the servers answer as they should: database, sign-in and object store, a check each."""

from __future__ import annotations

import http.client
import time

from itkgui.client.answers import Answer
from itkgui.client.exceptions import ItkError
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.diagnosis.servers import DATABASE, OBJECT_STORE, SIGN_IN, probes, told
from itkgui.language import _

_SLOW = 5.0  # seconds
_ASKS_FOR_SIGN_IN = (401, 403)


def database(at: Surroundings) -> Finding:
    """The database asks whoever is not signed in to do that: it is there."""
    return _asked(at, DATABASE, _ASKS_FOR_SIGN_IN, _("The database answers, and asks for a sign-in."))


def sign_in(at: Surroundings) -> Finding:
    """The identity provider tells everybody its keys."""
    return _asked(at, SIGN_IN, (200,), _("The sign-in answers."))


def object_store(at: Surroundings) -> Finding:
    """The object store answers everybody, if only with a refusal."""
    return _asked(at, OBJECT_STORE, (), _("The object store answers."))


def _asked(at: Surroundings, name: str, right: tuple[int, ...], well: str) -> Finding:
    with probes(at) as found:
        probe = found.get(name)
        if probe is None:
            return Finding(Verdict.UNSEEN, _("No such server is set."))
        begun = time.monotonic()
        try:
            answer = probe.answer()
            took = time.monotonic() - begun
            if right and answer.status < 500:
                answer.json()  # a web page is no answer of the database
        except ItkError as error:
            return told(error, probe.url)
    return _judged(answer, right, well, took)


def _judged(answer: Answer, right: tuple[int, ...], well: str, took: float) -> Finding:
    url = (answer.response.url or "").partition("?")[0]
    phrase = http.client.responses.get(answer.status, "")
    facts = [
        url,
        _("{status} {phrase} after {seconds:.1f} s").format(
            status=answer.status, phrase=phrase, seconds=took
        ),
    ]
    if answer.status >= 500:
        error = answer.error()
        return told(error, *facts)
    if right and answer.status not in right:
        return Finding(
            Verdict.CAUTION,
            _("There is an answer, but not the one that was expected: {status} {phrase}.").format(
                status=answer.status, phrase=phrase
            ),
            _("Check the server's address in the settings."),
            facts,
        )
    if took > _SLOW:
        return Finding(
            Verdict.CAUTION,
            _("There is an answer, but only after {seconds:.0f} s.").format(seconds=took),
            _("The server or the way to it is busy: try again later."),
            facts,
        )
    return Finding(Verdict.FINE, well, facts=facts)
