"""The doctor: all checks side by side, each with a time-out; none can keep the others from ending."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.language import N_, _
from itkgui.log import redact

_ROOM = "itkgui.diagnosis.checks"
# Of two threads that load what cannot be loaded, one may find the half of it.
_loading = threading.Lock()
_GAP = 0.03  # seconds between two beginnings


@dataclass(frozen=True)
class Check:
    """One thing that is looked at: ``look`` is ``module:function``, loaded when it is wanted."""

    key: str
    title: str
    look: str
    limit: float = 30.0  # seconds


CHECKS = (
    Check("clock", N_("Clock"), f"{_ROOM}.clock:look"),
    Check("dns", N_("Names (DNS)"), f"{_ROOM}.names:look"),
    Check("proxy", N_("Proxy"), f"{_ROOM}.proxy:look"),
    Check("tls", N_("Certificates"), f"{_ROOM}.certificates:look"),
    Check("sign-in", N_("Sign-in"), f"{_ROOM}.answers:sign_in"),
    Check("api", N_("Database (API)"), f"{_ROOM}.answers:database"),
    Check("eos", N_("Object store (EOS)"), f"{_ROOM}.answers:object_store"),
    Check("disk", N_("Disk"), f"{_ROOM}.disk:look"),
    Check("keyring", N_("Keyring"), f"{_ROOM}.keyring_of_codes:look"),
    Check("libraries", N_("Libraries"), f"{_ROOM}.libraries:look"),
    Check("plugins", N_("Plug-ins"), f"{_ROOM}.plugins:look"),
    Check("display", N_("Display"), f"{_ROOM}.display:look"),
    Check("scanner", N_("Scanner"), f"{_ROOM}.scanner:look"),
)


class Examination:
    """One visit: begins with its construction. Any thread may ask how far it is.

    A check that does not end in its time is given up: its thread ends when it can, and holds nobody up.
    """

    def __init__(self, at: Surroundings, checks: Sequence[Check] = CHECKS) -> None:
        self.checks = tuple(checks)
        self._at = at
        self._begun = time.monotonic()
        self._ended: dict[str, Finding] = {}
        self._news = threading.Condition()
        # Not one after the other here: whoever starts a thread waits until it runs.
        threading.Thread(target=self._begin, name="doctor", daemon=True).start()

    @property
    def findings(self) -> dict[str, Finding]:
        """What is known by now, by the checks' keys, in their order; also which check was given up."""
        passed = time.monotonic() - self._begun
        with self._news:
            for check in self.checks:
                if passed > check.limit:
                    self._ended.setdefault(check.key, _given_up(check))
            return {check.key: self._ended[check.key] for check in self.checks if check.key in self._ended}

    @property
    def is_over(self) -> bool:
        return len(self.findings) == len(self.checks)

    def wait(self, seconds: float) -> bool:
        """Wait until all is known, but not longer; tell whether it is."""
        with self._news:
            self._news.wait_for(lambda: len(self._ended) == len(self.checks), seconds)
        return self.is_over

    def _begin(self) -> None:
        for check in self.checks:
            time.sleep(_GAP)  # so that what they load does not keep the window from being painted
            name = f"doctor-{check.key}"
            threading.Thread(target=self._look, args=(check,), name=name, daemon=True).start()

    def _look(self, check: Check) -> None:
        finding = _failed()
        try:
            finding = _function(check)(self._at)
        except ModuleNotFoundError as error:
            if (error.name or "itkgui").partition(".")[0] == "itkgui":
                raise
            finding = _without(error.name or "")
        finally:  # a fault of the check goes on to the thread's hook
            with self._news:
                self._ended.setdefault(check.key, _private(finding))
                self._news.notify_all()


def _function(check: Check) -> Callable[[Surroundings], Finding]:
    module, _colon, name = check.look.partition(":")
    with _loading:
        found: Callable[[Surroundings], Finding] = getattr(importlib.import_module(module), name)
    return found


def _private(finding: Finding) -> Finding:
    """Return the same without what nobody may read, wherever a check got it from."""
    words = (redact(finding.sentence), redact(finding.cure))
    return Finding(finding.verdict, *words, tuple(redact(fact) for fact in finding.facts))


def _given_up(check: Check) -> Finding:
    return Finding(
        Verdict.BROKEN,
        _("There was no answer within {seconds:.0f} s.").format(seconds=check.limit),
        _("Try again; if it stays so, ask whoever looks after this computer or its network."),
    )


def _failed() -> Finding:
    return Finding(
        Verdict.UNSEEN,
        _("The check itself failed: a fault of the program."),
        _("Please report it with the support bundle."),
    )


def _without(package: str) -> Finding:
    return Finding(
        Verdict.UNSEEN,
        _("The package {name} is missing, without which this cannot be looked at.").format(name=package),
        _("See the check of the libraries."),
    )
