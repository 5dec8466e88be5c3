#!/usr/bin/env bash
# Texts for translators: "languages.sh de" begins the catalogue of a language, or brings it up to date with
# the code; "languages.sh" does so for every language there is, and compiles them all.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

set_up test
cd "$root"
babel=$venv/bin/pybabel
folder=resources/languages
texts=$(mktemp)
trap 'rm -f "$texts"' EXIT
# N_ marks a text where it is declared; "Translators:" begins a comment for them.
"$babel" -q extract --keyword=N_ --add-comments=Translators: --project=itkgui --no-wrap \
    --sort-by-file --output="$texts" itkgui

if (($# == 0)); then
    shopt -s nullglob
    set -- "$folder"/*/
fi
for language in "$@"; do
    language=$(basename "$language")
    catalogue="$folder/$language/LC_MESSAGES/itkgui.po"
    if [ -f "$catalogue" ]; then
        "$babel" -q update --input-file="$texts" --output-file="$catalogue" --locale="$language" --no-wrap
    else
        "$babel" -q init --input-file="$texts" --output-file="$catalogue" --locale="$language" --no-wrap
    fi
    "$babel" compile --input-file="$catalogue" --output-file="${catalogue%.po}.mo" --locale="$language" --statistics
done
