"""What the groups of calls in ProductionDatabase have in common."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from itkgui.client.client import Client
from itkgui.client.helper_threads import IN_FLIGHT

T = TypeVar("T")

# Smaller bundles are not worth a request of their own.
_SMALLEST_BUNDLE = 10

OnBundle = Callable[[tuple[T, ...]], None]


class Calls:
    """A group of calls; it keeps nothing but the client, so threads may share it."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _together(self, *calls: Callable[[], Any]) -> list[Any]:
        """Make calls that do not need each other side by side; they must not call ``each`` themselves."""
        return self._client.each(lambda call: call(), calls)

    def _in_bundles(
        self,
        load: Callable[[Sequence[str]], Sequence[T]],
        keys: Sequence[str],
        largest: int,
        on_bundle: OnBundle[T] | None,
        kept: Callable[[Sequence[str]], Sequence[T] | None] | None = None,
    ) -> list[T]:
        """Load what belongs to keys, a bundle of keys at a time and several bundles side by side.

        ``on_bundle`` is called for each bundle as it comes, by one thread at a time, not always the caller's.
        ``kept`` tells what needs no request, which is faster without other threads.
        """
        one_at_a_time = threading.Lock()

        def tell(found: Sequence[T]) -> Sequence[T]:
            if on_bundle is not None:
                with one_at_a_time:
                    on_bundle(tuple(found))
            return found

        size = min(largest, max(_SMALLEST_BUNDLE, -(-len(keys) // IN_FLIGHT)))
        bundles = [tuple(keys[start : start + size]) for start in range(0, len(keys), size)]
        loaded = {bundle: tell(found) for bundle in bundles if kept and (found := kept(bundle)) is not None}
        missing = [bundle for bundle in bundles if bundle not in loaded]
        loaded |= zip(missing, self._client.each(lambda bundle: tell(load(bundle)), missing), strict=True)
        return [item for bundle in bundles for item in loaded[bundle]]
