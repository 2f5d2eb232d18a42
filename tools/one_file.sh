#!/usr/bin/env bash
# One file that holds the program and every library it needs, for computers without
# internet: dist/twitch-tracker.pyz, a zipapp that unpacks itself once into ~/.shiv.
#
#   tools/one_file.sh [3.12]      needs that Python and the package registry
#
# It runs on the same system, processor and Python version as it was made with.
set -euo pipefail
cd "$(dirname "$0")/.."
version="${1:-3.12}"
python="$(tools/python_of.sh "$version")"
place=build/one_file
"$python" -m venv --clear "$place/venv"
"$place/venv/bin/python" -m pip install -q --upgrade pip shiv
mkdir -p dist
"$place/venv/bin/shiv" --console-script twitch-tracker \
    --python "/usr/bin/env python$version" --output-file dist/twitch-tracker.pyz .
# As on a computer where nothing is installed.
rm -rf "$place/home"
mkdir "$place/home"
env -u PYTHONPATH HOME="$PWD/$place/home" "$python" dist/twitch-tracker.pyz doctor
ls -l dist/twitch-tracker.pyz
