#!/bin/sh
# Makes or mends the Python environment that the Makefile uses.
# Usage: PYTHON=python3 sh scripts/environment.sh .venv
set -eu
venv=$1
python=${PYTHON:-python3}

tell() {
    printf '%s\n  where:    %s\n  expected: %s\n  found:    %s\n  next:     %s\n' "$@" >&2
    exit 2
}

found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
case $found in
    3.11 | 3.12 | 3.13 | 3.14) ;;
    *) tell "cannot make the Python environment" "$python" "Python 3.11 to 3.14" "$found" \
        "install one, then: make PYTHON=/path/to/python3.11 run" ;;
esac

# An environment that was moved, half made, or whose Python is gone cannot be mended.
if ! "$venv/bin/python" -c 'import pip' >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        "$python" -m virtualenv --quiet "$venv" >/dev/null 2>&1 ||
            tell "cannot make the Python environment" "$venv" "the module venv with pip" \
                "$python has neither venv with pip nor virtualenv" \
                "install it (Debian and Ubuntu: apt-get install python3-venv), then run again"
    fi
fi
rm -f "$venv/.ready"
echo "installing the environment (about 110 packages, 500 MB; once)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --require-hashes --requirement requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation --editable .
touch "$venv/.ready"
