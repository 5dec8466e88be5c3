#!/usr/bin/env bash
# Takes the tour on the sandbox and prints how long the window stood still.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
bash "$root/packaging/run.sh" --sandbox --data-dir "$work/data" --tour "$work/tour" || status=$?
if [[ ! -f $work/tour/tour.json ]]; then
    echo "tour: itkgui ended with exit code $status and left no report" >&2
    exit 1
fi
"$venv/bin/python" - "$work/tour/tour.json" <<'PYTHON'
import json
import sys
from pathlib import Path

tour = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
for step in tour["steps"]:
    print(f"tour: {'ok    ' if step['ok'] else 'FAILED'} {step['seconds']:6.2f} s  {step['name']}")
print("tour: GUI stall in ms: " + ", ".join(f"{name} {value:.1f}" for name, value in tour["stall_ms"].items()))
PYTHON
exit "$status"
