"""Names files in the test run they belong to: the value of a picture or of bytes is the code of a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from itkgui.client.client import Client
from itkgui.client.exceptions import AnswerError, ItkError, NotReadBack
from itkgui.language import N_
from itkgui.records.json_fields import Json, objects, text
from itkgui.uploads.sorting import cause_of
from itkgui.uploads.upload import Cause, Upload


class NotNamed(ItkError):
    """A file is attached to its test run, but cannot be the value that the results name it as."""

    title = N_("Attached, but not among the results")
    sentence = N_("The file is attached to the test run, but the database did not take it as a result of it.")
    cure = N_("Try again, or set the result on the web page of the test run; cancel to remove the file.")


class NotShownAsNamed(NotNamed, NotReadBack):
    """The test run does not show the name of a file that it has taken; a server may be late with that."""


def name_in_run(client: Client, upload: Upload, in_order: Callable[[str], Sequence[str]]) -> None:
    """Have a test run name an attachment of its own, ``code``, as the value of the upload's parameters.

    ``in_order`` returns the codes of all files of a parameter, for one that has a list of them; others in the
    list stay. Asks only for what is not so yet, and reads it back (API reference §5.6). Raises NotNamed,
    NotShownAsNamed, and what the client raises.
    """
    for parameter in upload.parameters:
        wanted = _wanted(_result(client, upload, parameter), upload.code, in_order(parameter))
        if wanted is None:
            continue
        _set(client, upload, parameter, wanted)
        if _wanted(_result(client, upload, parameter), upload.code, in_order(parameter)) is not None:
            raise NotShownAsNamed(f"{parameter} of the test run does not name the file after it was set")


def take_out_of_run(client: Client, upload: Upload) -> None:
    """Have a test run no longer name an attachment that is to be removed. Raises as ``name_in_run``."""
    for parameter in upload.parameters:
        value = _result(client, upload, parameter).get("value")
        if isinstance(value, list) and upload.code in value:
            _set(client, upload, parameter, [code for code in value if code != upload.code] or None)
        elif value == upload.code:
            _set(client, upload, parameter, None)


def _wanted(result: Json, code: str, in_order: Sequence[str]) -> Any:
    """Return the value that a result needs to name a file, None if it does already."""
    value = result.get("value")
    if text(result, "valueType") != "array":
        return None if value == code else code
    there = value if isinstance(value, list) else []
    if code in there:
        return None
    known = [one for one in in_order if one == code or one in there]
    return [*known, *(one for one in there if one not in known)]


def _result(client: Client, upload: Upload, parameter: str) -> Json:
    run = client.get("getTestRun", {"testRun": upload.target.key, "noEosToken": True}, refresh=True)
    found = next((one for one in objects(run, "results") if text(one, "code") == parameter), None)
    if found is None:
        raise NotNamed(f"the test run has no parameter {parameter}")
    return found


def _set(client: Client, upload: Upload, parameter: str, value: Any) -> None:
    body = {"testRun": upload.target.key, "code": parameter, "value": value}
    try:
        client.post("setTestRunParameter", body)
    except AnswerError as error:
        if cause_of(error, 1) is not Cause.PERMANENT:
            raise
        raise NotNamed(f"{parameter}: {error.detail}") from error
