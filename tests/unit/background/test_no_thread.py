"""A computer that gives the program no more threads."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="limits of threads are otherwise set elsewhere")
def test_thread_that_cannot_be_started_is_told_and_started_later() -> None:
    script = textwrap.dedent(
        """
        import asyncio, os, resource
        from itkgui.background.worker import NoThread, Worker

        async def main():
            worker = Worker()
            before = resource.getrlimit(resource.RLIMIT_AS)
            used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (used + 2**20, before[1]))  # no room for a thread's stack
            try:
                await worker.call(os.getpid)
            except NoThread as error:
                print(error.sentence)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, before)
            print(await worker.call(os.getpid) == os.getpid())
            worker.stop()

        asyncio.run(main())
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == ["This computer starts no more work for the program.", "True"], (
        done.stderr
    )
