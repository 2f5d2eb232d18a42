#!/usr/bin/env bash
# The newest versions of every library that pyproject.toml allows, on the newest Python: an
# environment of its own in build/newest, the installed wheel, the example, and the default
# tests. What breaks here breaks for users next.
#
#   tools/newest.sh [paths of tests]      needs Python 3.13 and the package registry;
#                                         NEWEST_PYTHON=3.12 for another one
#
# New libraries announce what they will drop, so warnings are shown and are no errors.
set -euo pipefail
cd "$(dirname "$0")/.."
place=build/newest
given="$(tools/python_of.sh "${NEWEST_PYTHON:-3.13}")"
mkdir -p "$place"
rm -rf "$place/dist" "$place/out"
"$given" -m venv --clear "$place/venv"
python="$place/venv/bin/python"
"$python" -m pip install -q --upgrade pip
"$python" -m pip wheel -q --no-deps --wheel-dir "$place/dist" .
"$python" -m pip install -q --upgrade --upgrade-strategy eager \
    --only-binary :all: "$place"/dist/*.whl --group test
"$python" -m pip freeze >"$place/newest.txt"
# The second tracker's weights are no part of the wheel; doctor says what is missing.
"$place/venv/bin/twitch-tracker" models install || echo "no weights: without the example"
"$place/venv/bin/twitch-tracker" doctor || true
if "$place/venv/bin/twitch-tracker" doctor >/dev/null; then
    "$place/venv/bin/twitch-tracker" analyze examples/simulated_spasm.mp4 --out "$place/out" --quiet
fi
"$python" -m pytest -q -W default -n 2 --dist loadfile "$@"
