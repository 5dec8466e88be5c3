#!/usr/bin/env bash
# Sets up whatever is missing and runs every check: style, types, import rules, tests. Arguments go to pytest, which then
# runs one test after another; without any, the tests are shared out to several processes, a file to each at a time,
# and those in a real window run beside them. What is timed runs last, by itself.
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

# Only the files are read that have such tests: to read all of them takes longer than many tests do.
marked() { grep -rlE --include='test_*.py' "mark\.$1\b" tests; }

# As a module: what a script is started from would be loaded again by each process that a test forks or starts.
offscreen() { QT_QPA_PLATFORM=offscreen python -m pytest "$@"; }
in_a_window() { QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum python -m pytest "$@"; }

# Runs tests, WHERE -m WHICH ARGS…; up to three that fail run once more, by themselves, and fail or pass by that. Of
# thousands that share a machine one comes late now and then; what is broken breaks again. Both runs are in the output.
tried_twice() {
    local where=$1 which=$3 kept status=0 failed
    shift 3
    kept=$(mktemp -d)
    "$where" -m "$which" -o cache_dir="$kept" "$@" || status=$?
    failed=$(grep -c :: "$kept/v/cache/lastfailed" 2>/dev/null || true)
    if ((status == 1 && ${failed:-0} > 0 && failed <= 3)); then
        echo "$failed failed; once more, by themselves:"
        "$where" -m "$which" -o cache_dir="$kept" --last-failed && status=0
    fi
    rm -r "$kept"
    return "$status"
}

case "$*" in
    "")
        said=$(mktemp)
        trap 'rm "$said"' EXIT
        mapfile -t windows < <(marked x11)
        mapfile -t alone < <(marked alone)
        tried_twice in_a_window -m x11 "${windows[@]}" &>"$said" &
        status=0
        # Half of the time they wait; many more at once would make each other late. The files stay in their order, in
        # which those that take long come early: otherwise the last of them would be waited for.
        tried_twice offscreen -m "not x11 and not alone" --numprocesses $((($(nproc) * 3 + 1) / 2)) --maxprocesses 6 \
            --dist loadfile --no-loadscope-reorder || status=$?
        wait $! || status=$?
        cat "$said"
        tried_twice offscreen -m "alone and not x11" "${alone[@]}" || status=$?
        exit "$status"
        ;;
    *"-m x11"*) in_a_window -m x11 "$@" ;;
    *) offscreen -m "not x11" "$@" ;;
esac
