"""Reads JSON that can be written again: no infinities, no half characters, no bottomless nesting."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from itkgui.sandbox.wire.messages import BadRequestError

# Deep enough for any measurement; far less than what the interpreter can write.
_DEEPEST = 100


def read_json(body: bytes | str) -> Any:
    """Return the value. Raises BadRequestError for anything that is not strict JSON."""
    try:
        content = json.loads(body, parse_constant=_no_number, parse_float=_finite)
        _check(content, _DEEPEST)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("The body is not JSON.") from error
    return content


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object; an empty one for an empty body. Raises BadRequestError."""
    if not body.strip():
        return {}
    content = read_json(body)
    if not isinstance(content, dict):
        raise BadRequestError("The body is not a JSON object.")
    return content


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _check(content: Any, depth: int) -> None:
    if depth < 0:
        raise ValueError("nested too deeply")
    if isinstance(content, str):
        # Raises UnicodeEncodeError, a ValueError, for half of a surrogate pair.
        content.encode()
    elif isinstance(content, dict):
        for key, value in content.items():
            key.encode()
            _check(value, depth - 1)
    elif isinstance(content, list):
        for value in content:
            if not isinstance(value, float):
                _check(value, depth - 1)
