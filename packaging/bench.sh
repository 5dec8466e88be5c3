#!/usr/bin/env bash
# Sets up whatever is missing and measures. The first argument says what: "client" (the client core side by side with
# itkdb and curl), "sandbox" (alone and under load), "start", "window", "tables", "plots", "previews", "uploads" or "scans";
# without one all of them in turn. "soak" is only run by its name: it takes a night to show that the queue of uploads loses
# nothing. Further arguments go to that measurement. Tables are printed, and kept as JSON below build/bench. Code 1 if a
# figure is missed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
cd "$root"
mkdir -p build/bench
previews=(list switch image text table archive pdf root hex) # kinds of files, and their list

measure() {
    local what=$1
    shift
    case $what in
        client) "$venv/bin/python" -m tests.benchmarks.client --json build/bench/client.json "$@" ;;
        sandbox) "$venv/bin/python" -m tests.benchmarks.load "$@" ;;
        window) QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m tests.benchmarks.window --json build/bench/window.json "$@" ;;
        start) QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m tests.benchmarks.start "$@" ;;
        scans) QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m tests.benchmarks.scans --json build/bench/scans.json "$@" ;;
        tables | plots) QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m "tests.benchmarks.$what" "$@" ;;
        soak) "$venv/bin/python" -m tests.benchmarks.soak "$@" ;;
        previews) each previews "${previews[@]}" -- "$@" ;;
        uploads) each uploads sheet start view many large -- "$@" ;;
        *) stop "nothing is measured by the name of $what: client, sandbox, start, window, tables, plots, previews, uploads, scans or soak" ;;
    esac
}

# Runs the measurements of a kind one after another; what stands behind "--" goes to each.
each() {
    local kind=$1 parts=() missed=0
    shift
    while [[ $1 != -- ]]; do
        parts+=("$1")
        shift
    done
    shift
    for part in "${parts[@]}"; do
        QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m "tests.benchmarks.${kind}_$part" "$@" || missed=1
    done
    return "$missed"
}

if (($#)); then
    measure "$@"
    exit
fi
status=0
for what in client sandbox start window tables plots previews uploads scans; do
    say "measuring: $what"
    measure "$what" || status=1
done
exit "$status"
