#!/usr/bin/env bash
# Sets up whatever is missing and starts itkgui; all arguments go to it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up run
exec "$venv/bin/itkgui" "$@"
