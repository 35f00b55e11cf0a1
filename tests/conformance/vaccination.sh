#!/usr/bin/env bash
# The published cases of vaccination, if they lie beside the project: each suite must reach its bar,
# in the order in which its facts were published and in five others.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cases=${EGRET_CONFORMANCE:-$root/../shared/conformance}

skip() {
    echo "skipped: $1"
    exit 77
}

[[ -f $cases/run.py ]] ||
    skip "there are no published cases in $cases (or name them in EGRET_CONFORMANCE)"
command -v python3 >/dev/null ||
    skip "python3 is not installed, which runs the published cases"
egret=$(command -v egret)

for suite in cdsi-hpv who-hpv-2dose who-hpv-1dose; do
    python3 "$cases/run.py" --egret "$egret" --suite "$suite"
    for seed in 1 2 3 4 5; do
        python3 "$cases/run.py" --egret "$egret" --suite "$suite" --shuffle "$seed"
    done
done
