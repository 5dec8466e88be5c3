"""Calls that read test runs: of a component, and of all parts in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from itkgui.client.calls import OnBundle
from itkgui.client.component_calls import ComponentCalls, runs_filter
from itkgui.client.json_body import Undecoded, decode
from itkgui.records.attachment import Attachment
from itkgui.records.attachment_list import attachments_around
from itkgui.records.component import Component
from itkgui.records.json_fields import Json, objects
from itkgui.records.run_history import TestRunSummary, newest_first
from itkgui.records.test_run import TestRun

# A run is 5 to 10 kB, and newest first mixes the test types, so that one body stays below 500 kB.
RUNS_PER_CALL = 50


@dataclass(frozen=True)
class OpenedComponent:
    """What opening a component gives: itself, its runs newest first, and the attachments of both."""

    component: Component
    matched_by: str
    runs: tuple[TestRun, ...]

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return attachments_around(self.component, self.runs)


class TestRunCalls(ComponentCalls):
    """The calls about test runs."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    def open_component(
        self,
        identifier: str,
        on_runs: OnBundle[TestRun] | None = None,
        *,
        with_eos_tokens: bool = False,
    ) -> OpenedComponent:
        """Find a component as ``component`` does, then load its runs as ``test_runs`` does.

        Takes two rounds of requests, the second one side by side, if the component has up to 200 runs and is
        found by what its name looks like. With EOS tokens, which live 5 minutes, the addresses of all its
        attachments can be fetched at once. Raises ComponentNotFound.
        """
        found = self.component(identifier, with_eos_tokens=with_eos_tokens)
        runs = self.test_runs(found.component, on_runs, with_eos_tokens=with_eos_tokens)
        return OpenedComponent(found.component, found.matched_by, runs)

    def test_runs(
        self,
        component: Component,
        on_bundle: OnBundle[TestRun] | None = None,  # noqa: PT028 - not a test case
        *,
        refresh: bool = False,  # noqa: PT028
        with_eos_tokens: bool = False,  # noqa: PT028
    ) -> tuple[TestRun, ...]:
        """Return the test runs of a component with their results, newest first, deleted ones included.

        ``on_bundle`` gets them as they come, about newest first, by one thread at a time, not always the
        caller's: a table can fill while the rest is on its way. ``refresh`` asks the server though an answer
        may be kept.
        """
        load = partial(self._run_bundle, refresh=refresh, with_eos_tokens=with_eos_tokens)
        kept = None if refresh or with_eos_tokens else self._kept_bundle
        ids = _newest_ids(component.runs)
        return newest_first(self._in_bundles(load, ids, RUNS_PER_CALL, on_bundle, kept))

    def family_runs(
        self, component: Component, on_bundle: OnBundle[TestRun] | None = None
    ) -> tuple[TestRun, ...]:
        """Return the test runs of a component and of all parts in it, as ``test_runs`` does.

        Each run's ``component`` tells whose it is.
        """
        kin = self.family_of(component)
        owners = {run.id: each.component for each in kin for run in each.component.runs}

        def load(ids: Sequence[str]) -> Sequence[TestRun]:
            return tuple(
                run if run.component.key else replace(run, component=owners.get(run.id, run.component))
                for run in self._run_bundle(ids)
            )

        ids = _newest_ids(run for each in kin for run in each.component.runs)
        return newest_first(self._in_bundles(load, ids, RUNS_PER_CALL, on_bundle))

    def test_run(self, run_id: str) -> TestRun:
        """Return one test run, such as one that a result leads to. Raises TestRunNotFound."""
        return TestRun.from_json(self._client.get("getTestRun", {"testRun": run_id, "noEosToken": True}))

    def run_summaries(self, component: Component) -> tuple[TestRunSummary, ...]:
        """Return the runs of a component without results, but with stage and person, newest first.

        ``component.runs`` has all but these two and costs nothing; this costs one small request, a tenth of
        what the whole runs weigh. Deleted runs may be missing.
        """
        pages = self._client.pages("listTestRunsByComponent", {"filterMap": runs_filter(component)})
        return newest_first(map(TestRunSummary.from_json, pages))

    def _run_bundle(
        self, ids: Sequence[str], *, refresh: bool = False, with_eos_tokens: bool = False
    ) -> Sequence[TestRun]:
        question = {"testRun": list(ids), "noEosToken": not with_eos_tokens}
        return _runs_in(self._client.get("getTestRunBulk", question, refresh=refresh))

    def _kept_bundle(self, ids: Sequence[str]) -> Sequence[TestRun] | None:
        question = {"testRun": list(ids), "noEosToken": True}
        answer = self._client.kept("getTestRunBulk", question, later=("itemList",))
        if answer is None:
            return None
        items = answer.get("itemList")
        if isinstance(items, list) and all(isinstance(item, Undecoded) for item in items):
            return tuple(run for item in items if (run := _run_of(bytes(item))) is not None)
        return _runs_in(answer)


@lru_cache(maxsize=256)  # making records of a component's runs takes longer than all the rest
def _run_of(raw: bytes) -> TestRun | None:
    """Return the record of a run whose JSON this is, the same for the same bytes; None if it is no object."""
    found = decode(raw)
    return TestRun.from_json(found) if isinstance(found, dict) else None


def _runs_in(answer: Json) -> tuple[TestRun, ...]:
    return tuple(map(TestRun.from_json, objects(answer, "itemList")))


def _newest_ids(runs: Iterable[TestRunSummary]) -> list[str]:
    return list(dict.fromkeys(run.id for run in newest_first(runs)))
