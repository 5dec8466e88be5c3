#!/usr/bin/env bash
# Sets up whatever is missing and measures the sandbox, alone and under load. Arguments go to the measurement.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
cd "$root"
exec "$venv/bin/python" -m tests.benchmarks.load "$@"
