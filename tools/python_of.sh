#!/usr/bin/env bash
# The path of a Python that runs: tools/python_of.sh 3.13
#
# What stands on the path need not run: pyenv lays a `python3.13` there for every version
# that it keeps, and starts only those that were chosen. So each candidate is started, of
# the path, of pyenv and of uv. Without one: a sentence and exit code 1.
set -uo pipefail
version="$1"

candidates() {
    command -v "python$version" || true
    ls -d "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3 2>/dev/null | sort -rV
    uv python find --no-python-downloads "$version" 2>/dev/null || true
}

while IFS= read -r python; do
    if [ "$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$version" ]; then
        printf '%s\n' "$python"
        exit 0
    fi
done < <(candidates)
echo "There is no Python $version here, on the path, in pyenv or in uv." >&2
exit 1
