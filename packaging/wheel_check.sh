#!/usr/bin/env bash
# Builds the wheel, installs it into a clean environment and starts it from there, where there is no display.
# Needs the environment that test.sh made.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"
"$venv/bin/python" -m build --wheel --no-isolation --outdir "$work" . &>"$work/build.log" || { cat "$work/build.log" && exit 1; }
"$venv/bin/python" - "$work"/*.whl <<'PYTHON'
import sys
from pathlib import Path
from zipfile import ZipFile

shipped = set(ZipFile(sys.argv[1]).namelist())
left_out = [str(p) for p in Path("resources").rglob("*") if p.is_file() and f"itkgui/{p.as_posix()}" not in shipped]
sys.exit(f"not in the wheel: {left_out}" if left_out else 0)
PYTHON

"$venv/bin/python" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check --constraint packaging/constraints.txt "$work"/*.whl
cd "$work"
env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM "$work/venv/bin/itkgui" --check-start --data-dir "$work/data"
echo "wheel check: $(basename "$work"/*.whl) starts"
