#!/usr/bin/env bash
# Kills the clinic's program or the centre's with SIGKILL in the middle of a sync, again and again.
# Nothing that was acknowledged may be lost, nothing may count twice, and in the end all must be at
# the centre.
#
# usage: kill_sync.sh KILLS [SEED]     so many of each side; egret and egretd in PATH
set -euo pipefail

kills=$((2 * ${1:?how many kills of each side}))
RANDOM=${2:-$(($(date +%s) % 32768))}
seed=${2:-$RANDOM}
RANDOM=$seed
place=$(mktemp -d "${TMPDIR:-/tmp}/egret-kill.XXXXXX")
centre=""

finish() {
    local status=$?
    trap - EXIT
    [[ -z $centre ]] || kill -9 "$centre" 2>/dev/null || true
    if ((status != 0)); then
        echo "kill_sync: failed with seed $seed" >&2
        tail -n 5 "$place"/*.log >&2 || true
    fi
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT

fail() {
    echo "kill_sync: $*" >&2
    exit 1
}

# number NAME: a number of the one JSON object on standard input.
number() { sed -n "s/.*\"$1\": *\([0-9][0-9]*\).*/\1/p" | head -n 1; }
word() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

start_centre() {
    : >"$place/centre.log"
    egretd serve --data "$place/centre" --listen "127.0.0.1:$port" >>"$place/centre.log" 2>&1 &
    centre=$!
    disown "$centre"
    local tries
    for ((tries = 0; tries < 200; ++tries)); do
        url=$(sed -n 's/.*\(https:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$place/centre.log" | head -n 1)
        [[ -z $url ]] || break
        kill -0 "$centre" 2>/dev/null || fail "the centre did not start"
        sleep 0.05
    done
    [[ -n $url ]] || fail "the centre does not listen"
    port=${url##*:}
}

at_centre() { egretd status --data "$place/centre" --json | number facts; }

# people FIRST LAST: that many women with four facts each, as a person file.
people() {
    local n
    for ((n = $1; n <= $2; ++n)); do
        printf '{"id":"w%d","birth_date":"%d-0%d-1%d","sex":"female","area":"350203","events":[' \
            "$n" $((1965 + n % 45)) $((1 + n % 9)) $((n % 10))
        printf '{"type":"register","date":"2024-01-0%d"},' $((1 + n % 9))
        printf '{"type":"visit","date":"2024-02-1%d"},' $((n % 10))
        printf '{"type":"hpv_test","date":"2024-03-1%d","result":"negative"},' $((n % 10))
        printf '{"type":"dose","date":"2024-04-1%d","product":"cvx:165"}]}\n' $((n % 10))
    done
}

printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
export EGRET_HOME=$place/clinic EGRET_PIN_FILE=$place/pin LC_ALL=C.UTF-8
port=0
egretd init --data "$place/centre" --name "Centre" >/dev/null
start_centre
code=$(egretd clinic add "Clinic" --area 350203 --data "$place/centre" --json | word code)
egret init --clinic "Clinic" --area 350203 --recovery-sheet "$place/sheet" >/dev/null
egret enrol "$url" "$code" >/dev/null

next=1
# A round's: so many facts that a sync lasts longer than most of the delays below, and in a long
# run so few that all of them can be counted in the end.
women=$((kills > 100 ? 200 : 500))
caught_clinic=0  # Kills that met a sync under way, of either side.
caught_centre=0
for ((round = 1; round <= kills; ++round)); do
    people "$next" $((next + women - 1)) | egret import persons - >/dev/null
    next=$((next + women))
    # As long as this takes, a sync is busy with the PIN.
    asked=${EPOCHREALTIME/./}
    before=$(egret sync status --json | number acked)
    unlocking=$((${EPOCHREALTIME/./} - asked))
    egret sync --server "$url" >/dev/null 2>"$place/sync.log" &
    syncing=$!
    delay=$((unlocking + RANDOM % 100 * 1000))
    sleep "$((delay / 1000000)).$(printf '%06d' $((delay % 1000000)))"
    is_caught=0
    if kill -0 "$syncing" 2>/dev/null; then is_caught=1; fi
    if ((round % 2)); then
        caught_clinic=$((caught_clinic + is_caught))
        kill -9 "$syncing" 2>/dev/null || true
        wait "$syncing" 2>/dev/null || true
    else
        caught_centre=$((caught_centre + is_caught))
        kill -9 "$centre" 2>/dev/null || true
        wait "$syncing" 2>/dev/null || true
        start_centre
    fi
    acked=$(egret sync status --json | number acked)
    there=$(at_centre)
    ((acked >= before)) || fail "round $round: acknowledged $before before, $acked now"
    ((there >= acked)) || fail "round $round: $acked acknowledged, $there at the centre"
done

egret sync --until-done --server "$url" >/dev/null
recorded=$(egret sync status --json | number recorded)
there=$(at_centre)
((recorded == 4 * (next - 1))) || fail "recorded $recorded, not $((4 * (next - 1)))"
((there == recorded)) || fail "$recorded recorded, $there at the centre"
egret log verify >/dev/null
egretd verify --data "$place/centre" >/dev/null
for indicator in hpv1-by-15 cervical-screened-5y; do
    args=("$indicator" --by "area,birth_year" --on 2026-01-01 --csv)
    egret coverage "${args[@]}" >"$place/clinic.csv"
    egretd coverage "${args[@]}" --data "$place/centre" >"$place/centre.csv"
    egretd coverage "${args[@]}" --data "$place/centre" --recount >"$place/recount.csv"
    # Each says after the figures what it knows of, and when it heard of it last.
    figures() { cut -d, -f1-5 "$place/$1.csv"; }
    cmp <(figures clinic) <(figures centre) || fail "$indicator: clinic and centre differ"
    cmp "$place/recount.csv" "$place/centre.csv" || fail "$indicator: the recount differs"
done
((caught_clinic > 0)) || fail "no kill of the clinic's program met a sync under way"
((caught_centre > 0)) || fail "no kill of the centre's program met a sync under way"
half=$((kills / 2))
echo "kill_sync: the clinic's program killed $half times, $caught_clinic of them amid a sync," \
    "the centre's $half times, $caught_centre amid a sync;" \
    "$recorded facts at the centre, each once (seed $seed)"
