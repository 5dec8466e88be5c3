#!/usr/bin/env bash
# Sets up whatever is missing and runs every check: style, types, import rules, tests. Arguments go to pytest.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
cd "$root"
PATH=$venv/bin:$PATH

ruff check .
ruff format --check .
mypy
lint-imports

offscreen() { QT_QPA_PLATFORM=offscreen pytest -m "not x11" "$@"; }
in_a_window() { QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum pytest -m x11 "$@"; }

case "$*" in
    "")
        offscreen
        in_a_window
        ;;
    *"-m x11"*) in_a_window "$@" ;;
    *) offscreen "$@" ;;
esac
