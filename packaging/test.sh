#!/usr/bin/env bash
# Sets up whatever is missing and runs every check: style, types, import rules, tests. Arguments go to pytest, which then
# runs one test after another; without any, the tests are shared out to several processes, a file to each at a time.
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

offscreen() { QT_QPA_PLATFORM=offscreen pytest "$@"; }
in_a_window() { QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum pytest -m x11 "$@"; }

case "$*" in
    "")
        # Most of them wait more than they compute; many more at once would make each other late.
        offscreen -m "not x11 and not alone" --numprocesses logical --maxprocesses 4 --dist loadfile
        offscreen -m "alone and not x11"
        in_a_window
        ;;
    *"-m x11"*) in_a_window "$@" ;;
    *) offscreen -m "not x11" "$@" ;;
esac
