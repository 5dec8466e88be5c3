"""What a text is written in, by its name and its beginning, as pygments names it."""

from __future__ import annotations

import re
from pathlib import PurePath

LOG = "log"
_BY_MEDIA_TYPE = {"application/json": "json", "text/html": "html", "text/xml": "xml", "image/svg+xml": "xml"}
_BY_SUFFIX = {
    ".json": "json",
    ".log": LOG,
    ".py": "python",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".ini": "ini",
    ".cfg": "ini",
    ".conf": "ini",
    ".xml": "xml",
    ".html": "html",
    ".htm": "html",
    ".c": "c",
    ".h": "cpp",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cxx": "cpp",
    ".hpp": "cpp",
    ".hh": "cpp",
    ".sh": "bash",
    ".bash": "bash",
    ".bat": "batch",
    ".ps1": "powershell",
    ".diff": "diff",
    ".patch": "diff",
    ".md": "markdown",
    ".tex": "latex",
    ".js": "javascript",
    ".css": "css",
    ".sql": "sql",
    ".cmake": "cmake",
    ".m": "matlab",
    ".r": "r",
    ".tcl": "tcl",
    ".vhd": "vhdl",
    ".v": "verilog",
}
_BY_NAME = {"Makefile": "make", "CMakeLists.txt": "cmake", "Dockerfile": "docker"}
_PROGRAMS = re.compile(r"#!.*?\b(python|bash|sh|zsh|perl|tclsh|ruby|node)[\d.]*\b")
_OF_PROGRAM = {"sh": "bash", "zsh": "bash", "tclsh": "tcl", "node": "javascript"}
_DIFF = re.compile(r"(diff --git |Index: |--- \S.*\n\+\+\+ \S)")
_YAML = re.compile(r"---[ \t]*\r?\n|%YAML ")
_SECTION = re.compile(r"\[[\w .:-]+\][ \t]*\r?")
_SETTING = re.compile(r"[\w .-]+[=:].*")
_CPP = re.compile(r'#(include [<"]|pragma once|ifndef \w+)')
_TIME = re.compile(r"[\[(]?(\d{4}[-/.]\d\d[-/.]\d\d[T ]|\w{3} [ \d]\d )?\d\d:\d\d:\d\d")
_LEVEL = re.compile(
    r"\b(DEBUG|INFO|WARN(ING)?|ERROR|FATAL|CRITICAL)\b|\[ *(debug|info|warn(ing)?|error|fatal) *\]"
)
_LOOKED_AT = 50  # lines
_LOG_SHARE = 0.3


def language_of(name: str, media_type: str, head: str) -> str:
    """Return the alias of the language of a text, ``LOG`` for a log, empty for one that is none of these."""
    if media_type in _BY_MEDIA_TYPE:
        return _BY_MEDIA_TYPE[media_type]
    path = PurePath(name)
    named = _BY_NAME.get(path.name) or _BY_SUFFIX.get(path.suffix.lower())
    return named or _by_content(head)


def _by_content(head: str) -> str:
    if program := _PROGRAMS.match(head):
        return _OF_PROGRAM.get(program[1], program[1])
    if _DIFF.match(head):
        return "diff"
    if _YAML.match(head):
        return "yaml"
    lines = [line for line in head[:20_000].splitlines()[:_LOOKED_AT] if line.strip()]
    code = [line for line in lines if line[0] not in "#;"]
    if code and _SECTION.fullmatch(code[0]) and all(_is_setting(line) for line in code):
        return "ini"
    if any(map(_CPP.match, lines)):
        return "cpp"
    told = sum(1 for line in lines if _TIME.match(line) or _LEVEL.search(line[:200]))
    return LOG if len(lines) >= 3 and told >= _LOG_SHARE * len(lines) else ""


def _is_setting(line: str) -> bool:
    return line[0].isspace() or bool(_SECTION.fullmatch(line) or _SETTING.fullmatch(line))
