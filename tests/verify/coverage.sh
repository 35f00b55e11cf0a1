#!/usr/bin/env bash
# Simulates a world and holds coverage to the recount from the logs, cell by cell, for every
# indicator: at the centre on ten past and future days, at every third clinic in turn on the first
# day of each quarter.
#
# usage: coverage.sh WOMEN CLINICS YEARS SEED     egret and egretd in PATH
set -euo pipefail

women=${1:-20000} clinics=${2:-40} years=${3:-5} seed=${4:-1}
place=$(mktemp -d "${TMPDIR:-/tmp}/egret-verify.XXXXXX")
trap 'rm -rf "$place"' EXIT

fail() {
    echo "verify coverage: $*" >&2
    exit 1
}

# Those of a kind.
list() {
    egret indicators list --json | sed 's/{"id":/\n&/g' |
        sed -n 's/^{"id":"\([^"]*\)","version":"[^"]*","kind":"\('"$1"'\)".*/\1/p'
}
mapfile -t of_women < <(list coverage)
mapfile -t of_cases < <(list 'cases\|times')
((${#of_cases[@]} > 1)) || fail "no indicators of cases are listed"
indicators=("${of_women[@]}" "${of_cases[@]}")
((${#indicators[@]} > 1)) || fail "no indicators are listed"
days=(2019-12-31 2021-01-01 2021-06-15 2022-02-28 2023-03-01 2024-02-29 2025-07-31 2025-12-31
    2027-01-01 2035-08-15)
cuts=(area,birth_year facility area,facility,birth_month "")

started=$SECONDS
egret simulate --women "$women" --clinics "$clinics" --years "$years" --seed "$seed" \
    --out "$place/world" --world plain >/dev/null
echo "simulated $women women and $clinics clinics in $((SECONDS - started)) s"
export EGRET_PIN_FILE=$place/world/pin

cells=0
# compare NAME COMMAND...: asks both ways for every indicator and day, the cuts in turn.
compare() {
    local name=$1 indicator day cut
    shift
    local number=0
    for indicator in "${indicators[@]}"; do
        number=$((number + 1))
        for day in "${days[@]}"; do
            # Cases only become more from day to day: some of the days, each indicator others.
            ((number <= ${#of_women[@]} || (number + 10#${day//-/}) % 4 == 0)) || continue
            cut=${cuts[$((10#${day//-/} % ${#cuts[@]}))]}
            local question=("$indicator" --on "$day" --csv)
            [[ -z $cut ]] || question+=(--by "$cut")
            "$@" "${question[@]}" >"$place/asked" || fail "$name: $indicator on $day: no answer"
            "$@" "${question[@]}" --recount >"$place/counted" ||
                fail "$name: $indicator on $day: no recount"
            cmp -s "$place/asked" "$place/counted" ||
                fail "$name: $indicator on $day by '$cut' differs from the recount"
            cells=$((cells + $(wc -l <"$place/asked") - 1))
        done
    done
}

# compare_series NAME THIRD: at the clinic in $folder, every third indicator.
compare_series() {
    local name=$1 indicator number=$2
    for indicator in "${indicators[@]}"; do
        number=$((number + 1))
        ((number % 3 == 0)) || continue
        local question=("$indicator" --from 2020-01-01 --to 2027-01-01 --step quarter --csv)
        local cut=${cuts[$((number / 3 % ${#cuts[@]}))]}
        [[ -z $cut ]] || question+=(--by "$cut")
        egret coverage "${question[@]}" --dir "$folder" >"$place/asked" ||
            fail "$name: $indicator: no answer"
        egret coverage "${question[@]}" --dir "$folder" --recount >"$place/counted" ||
            fail "$name: $indicator: no recount"
        cmp -s "$place/asked" "$place/counted" ||
            fail "$name: $indicator by '$cut' differs from the recount"
        cells=$((cells + $(wc -l <"$place/asked") - 1))
    done
}

started=$SECONDS
at_centre() { egretd coverage "$@" --data "$place/world/centre"; }
compare centre at_centre
number=0
for folder in "$place"/world/clinics/*/; do
    compare_series "$(basename "$folder")" "$number"
    number=$((number + 1))
done
((cells > 0)) || fail "nothing was compared"
echo "$cells figures are the same both ways, in $((SECONDS - started)) s"
