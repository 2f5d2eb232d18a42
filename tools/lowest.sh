#!/usr/bin/env bash
# The oldest versions of every library that pyproject.toml allows: an environment of its
# own in build/lowest, the installed wheel, the example, and the default tests.
#
#   tools/lowest.sh [paths of tests]      needs Python 3.11 and the package registry
#
# Old libraries warn of each other, so warnings are not errors here.
set -euo pipefail
cd "$(dirname "$0")/.."
place=build/lowest
given="$(tools/python_of.sh 3.11)"
mkdir -p "$place"
rm -rf "$place/dist"
"$given" -m venv --clear "$place/venv"
python="$place/venv/bin/python"
"$python" -m pip install -q --upgrade pip uv
"$python" -m uv pip compile -q --python-version 3.11 --resolution lowest-direct \
    --only-binary :all: --no-header --no-annotate pyproject.toml -o "$place/lowest.txt"
"$python" -m pip wheel -q --no-deps --wheel-dir "$place/dist" .
"$python" -m pip install -q "$place"/dist/*.whl --group test -c "$place/lowest.txt"
"$place/venv/bin/twitch-tracker" doctor
"$place/venv/bin/twitch-tracker" analyze examples/simulated_spasm.mp4 --out "$place/out" --quiet
"$python" -m pytest -q -W default -n 2 --dist loadfile "$@"
