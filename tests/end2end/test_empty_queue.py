"""``itkgui queue`` where there is nothing to send."""

from __future__ import annotations

from tests.end2end.queue_shell import Shell


def test_a_queue_with_nothing_to_do_says_so(shell: Shell) -> None:
    assert shell.run("queue", "run") == (0, "There is nothing to send.\n", "")
    assert shell.json("queue", "run")["uploads"] == []
    assert "The queue was not paused." in shell.run("queue", "resume")[2]
    shell.run("queue", "pause")
    code, out, err = shell.run("queue", "resume")
    assert (code, out) == (0, "Nothing waits in the queue.\n")
    assert err == "itkgui: The queue is no longer paused.\n"
