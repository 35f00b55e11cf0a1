#!/usr/bin/env bash
# Hands over what a clinic records while its registry is locked: without a PIN, killed with SIGKILL
# again and again, with sealed files damaged in between. Each fact comes to the centre once, and
# nothing of a person can be read beside the registry.
#
# usage: locked_sync.sh ROUNDS [SEED]     egret and egretd in PATH
set -euo pipefail

rounds=${1:?how many rounds}
seed=${2:-$(($(date +%s) % 32768))}
RANDOM=$seed
place=$(mktemp -d "${TMPDIR:-/tmp}/egret-locked.XXXXXX")
centre=""

finish() {
    local status=$?
    trap - EXIT
    [[ -z $centre ]] || kill -9 "$centre" 2>/dev/null || true
    ((status == 0)) || echo "locked_sync: failed with seed $seed" >&2
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT

fail() {
    echo "locked_sync: $*" >&2
    exit 1
}

number() { sed -n "s/.*\"$1\": *\([0-9][0-9]*\).*/\1/p" | head -n 1; }
word() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }
with_pin() { EGRET_PIN_FILE=$place/pin "$@"; }
at_centre() { egretd status --data "$place/centre" --json | number facts; }

people() {
    local n
    for ((n = $1; n <= $2; ++n)); do
        printf '{"id":"w%d","names":[{"use":"official","text":"钱多多"}],' "$n"
        printf '"birth_date":"1971-02-1%d","sex":"female",' $((n % 9))
        printf '"area":"350203","events":[{"type":"register","date":"2024-01-0%d"},' $((1 + n % 9))
        printf '{"type":"visit","date":"2024-02-1%d"}]}\n' $((n % 9))
    done
}

export EGRET_HOME=$place/clinic LC_ALL=C.UTF-8
printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
egretd init --data "$place/centre" --name "Centre" >/dev/null
egretd serve --data "$place/centre" --listen 127.0.0.1:0 >"$place/centre.log" 2>&1 &
centre=$!
disown "$centre"
for ((tries = 0; tries < 200; ++tries)); do
    url=$(sed -n 's/.*\(https:\/\/127\.0\.0\.1:[0-9]*\).*/\1/p' "$place/centre.log" | head -n 1)
    [[ -z $url ]] || break
    sleep 0.05
done
code=$(egretd clinic add "Clinic" --area 350203 --data "$place/centre" --json | word code)
with_pin egret init --clinic "Clinic" --area 350203 --recovery-sheet "$place/sheet" >/dev/null
with_pin egret enrol "$url" "$code" >/dev/null
egret sync status --json | grep -q '"locked":true' || fail "it has to be unlocked to be asked"

next=1
for ((round = 1; round <= rounds; ++round)); do
    count=$((1 + RANDOM % 40))
    people "$next" $((next + count - 1)) | with_pin egret import persons - >/dev/null
    next=$((next + count))
    files=("$EGRET_HOME"/outbox/*-*)
    case $((RANDOM % 4)) in
    0) # A damaged file stops it until the registry is opened, and is neither sent nor lost.
        printf 'x' | dd of="${files[0]}" bs=1 seek=$((40 + RANDOM % 100)) conv=notrunc status=none
        before=$(at_centre)
        status=0
        egret sync >/dev/null 2>&1 </dev/null || status=$?
        ((status == 1)) || fail "round $round: a damaged file ends a sync with $status"
        (($(at_centre) == before)) || fail "round $round: a damaged file was taken"
        ;;
    1)
        rm "${files[0]}"
        ;;
    *)
        egret sync >/dev/null 2>&1 </dev/null &
        syncing=$!
        sleep "0.$(printf '%03d' $((RANDOM % 150)))"
        kill -9 "$syncing" 2>/dev/null || true
        wait "$syncing" 2>/dev/null || true
        ;;
    esac
done

with_pin egret due >/dev/null
egret sync --json </dev/null >"$place/last" || fail "the last sync: $(cat "$place/last")"
(($(number left <"$place/last") == 0)) || fail "some are left: $(cat "$place/last")"
there=$(at_centre)
((there == 2 * (next - 1))) || fail "$there facts at the centre, not $((2 * (next - 1)))"
(($(egret sync status --json | number left) == 0)) || fail "some wait that are there"
! grep -rq -e 钱多多 -e 1971-02 -e 350203 "$EGRET_HOME" || fail "something of a person can be read"
with_pin egret sync status --json >"$place/opened"
(($(number acked <"$place/opened") == there)) || fail "the receipt was not entered"
! compgen -G "$EGRET_HOME/outbox/*-*" >/dev/null || fail "what was acknowledged is still there"
with_pin egret log verify >/dev/null
egretd verify --data "$place/centre" >/dev/null
echo "locked_sync: $rounds rounds, $there facts at the centre, each once, and no PIN (seed $seed)"
