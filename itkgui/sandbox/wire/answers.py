"""Answers that the servers give by themselves: errors in the style of each, and web pages."""

from __future__ import annotations

import http
import json
import re

from itkgui.sandbox.wire.messages import Response

# An unknown route of the API shows this, 13 kB with status 200 (API reference §3.3).
WEB_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>ITk Production Database</title></head>'
    '<body><div id="uu5"></div><noscript>You need to enable JavaScript to run this app.</noscript>'
    f"<!-- {'uu5 ' * 3000}--></body></html>"
)
MAINTENANCE_PAGE = (
    "<!DOCTYPE html><html><head><title>Maintenance</title></head>"
    "<body><h1>Maintenance</h1><p>This service is not available at the moment.</p></body></html>"
)


def api_error(status: int, message: str) -> Response:
    """Return an error map, as the API words what goes wrong before any command runs."""
    return Response.json(_error_map(status, message), status)


def identity_error(status: int, message: str) -> Response:
    return pretty_json(_error_map(status, message), status)


def text_error(status: int, message: str) -> Response:
    """Return an error as EOS words it."""
    return Response(status, headers=[("Content-Type", "text/plain")], body=f"{message}\n".encode())


def pretty_json(content: object, status: int = 200) -> Response:
    """Answer as the identity provider writes its errors: on many lines, with blanks around colons."""
    body = json.dumps(content, indent=2, separators=(",", " : ")).encode()
    return Response(status, headers=[("Content-Type", "application/json;charset=UTF-8")], body=body)


def web_page(page: str) -> Response:
    return Response(headers=[("content-type", "text/html; charset=utf-8")], body=page.encode())


def phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _error_map(status: int, message: str) -> dict[str, object]:
    # The codes of such errors were never recorded; this one is named after the status.
    words = re.findall(r"[A-Za-z]+", phrase(status))
    name = words[0].lower() + "".join(word.capitalize() for word in words[1:])
    return {"uuAppErrorMap": {f"uu-app-server/{name}": {"type": "error", "message": message}}}
