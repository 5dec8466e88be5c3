# shellcheck shell=bash
# Sourced by the other scripts: `set_up run` or `set_up test` installs, or names, what the system lacks and then
# makes the environment .venv. Ends with exit code 2 where a person has to act.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
unset PYTHONHOME PYTHONPATH PIP_USER # experiments' set-ups export these; they would leak into the environment
unset PYTHONDONTWRITEBYTECODE        # every process would compile the program anew

say() { echo "itkgui set-up: $*" >&2; }
stop() {
    say "$@"
    exit 2
}

set_up() {
    local kind=$1 base version packages things
    look_around
    if ((${#packages[@]})); then install_debian_packages; fi
    # Two set-ups at once would each take the other's half-made environment for a broken one.
    exec 9>"$root/.venv.lock"
    if command -v flock >/dev/null; then flock 9; fi
    make_environment
    exec 9>&-
}

# Finds a Python and asks it what is missing.
look_around() {
    local candidates=(python3 python3.14 python3.13 python3.12 python3.11 python3.10) candidate answer
    if [[ -n ${PYTHON:-} ]]; then candidates=("$PYTHON"); fi
    for candidate in "${candidates[@]}"; do
        # Only running it tells: a version manager's shim can exist and fail.
        if answer=$("$candidate" "$root/packaging/missing.py" "$kind" 2>/dev/null); then
            {
                read -r -a packages
                read -r things
                IFS=$'\t' read -r base version
            } <<<"$answer"
            return
        fi
    done
    stop "Python 3.10 or newer is needed, and no working one was found as: ${candidates[*]}"
}

install_debian_packages() {
    local as_root=() log
    if ! command -v apt-get >/dev/null; then
        stop "please install what provides: $things (on Debian: ${packages[*]})"
    elif ((EUID != 0)); then
        sudo -n true 2>/dev/null || stop "please install Debian packages: ${packages[*]}"
        as_root=(sudo -n)
    fi
    say "installing Debian packages: ${packages[*]}"
    log=$(mktemp)
    apt_get() {
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" </dev/null >>"$log" 2>&1
    }
    # The first try fails at once where the package lists were never fetched, or are old.
    apt_get install "${packages[@]}" || { apt_get update && apt_get install "${packages[@]}"; } || {
        cat "$log" >&2
        stop "please install Debian packages: ${packages[*]}"
    }
    rm "$log"
}

# A stamp says that a set-up was finished: where, for which Python, from which pins. An environment that only has
# other pins is brought up to date; one without a stamp, or moved, or whose interpreter went away, is made anew.
make_environment() {
    local place="$root, Python $version" stamp requirement=".[root,heic,codes]" output=--quiet
    stamp="$place, pins $(cat "$root/pyproject.toml" "$root/packaging/constraints.txt" | cksum)"
    if ! "$venv/bin/python" -c "" 2>/dev/null || ! grep -qsF "$place," "$venv"/ready-*; then
        say "making .venv with Python $version"
        rm -rf "$venv"
        "$base" -m venv "$venv"
    elif grep -qsxF "$stamp" "$venv/ready-$kind" "$venv/ready-test"; then
        return
    fi
    rm -f "$venv"/ready-*
    if [[ $kind == test ]]; then requirement=".[test]"; fi
    if [[ -t 2 ]]; then output=--progress-bar=on; fi
    say "installing Python packages (about 150 MB, once)"
    (
        cd "$root" || exit # pip splits these variables at spaces, so no absolute path may stand in them
        PIP_CONSTRAINT=packaging/constraints.txt PIP_BUILD_CONSTRAINT=packaging/constraints.txt \
            "$venv/bin/python" -m pip install "$output" --disable-pip-version-check --no-input \
            --editable "$requirement" </dev/null >&2
    )
    echo "$stamp" >"$venv/ready-$kind"
}
