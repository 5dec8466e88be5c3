#!/usr/bin/env bash
# Writes constraints.txt anew from pyproject.toml: the newest releases that suit every supported Python.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work"
"$work/bin/pip" install --quiet --disable-pip-version-check uv
"$work/bin/uv" pip compile --quiet --python "$work/bin/python" --universal --python-version 3.10 --extra test \
    --upgrade --no-header --no-annotate --no-emit-index-url --output-file "$work/pins" pyproject.toml
{
    echo "# The releases that set-up and tests use, on Python 3.10 and later; made by: bash packaging/lock.sh"
    cat "$work/pins"
} >packaging/constraints.txt
