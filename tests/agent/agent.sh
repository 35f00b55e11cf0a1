#!/usr/bin/env bash
# One process keeps a registry unlocked, and all commands go through it: their answers are byte for
# byte those that they give alone, nothing that happens to one harms another, and nobody reads that
# the registry is in use.
#
# usage: agent.sh     egret in PATH
set -euo pipefail

place=$(mktemp -d "${TMPDIR:-/tmp}/egret-agent.XXXXXX")
export EGRET_HOME=$place/clinic LC_ALL=C.UTF-8

finish() {
    local status=$?
    trap - EXIT
    egret lock >/dev/null 2>&1 || true
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT

fail() {
    echo "agent: $*" >&2
    exit 1
}

word() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# with_pin COMMAND...: alone, with the PIN of a file.
with_pin() { EGRET_PIN_FILE=$place/pin "$@"; }

# status_of COMMAND...: how it ends.
status_of() {
    local status=0
    "$@" >/dev/null 2>&1 || status=$?
    echo "$status"
}

printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
with_pin egret init --clinic "思明区妇幼保健院" --area 350203 --user "林护士" \
    --recovery-sheet "$place/sheet" >/dev/null
(($(status_of egret due) == 4)) || fail "a locked registry ends a command with another status"

# ---- a world to look at -------------------------------------------------------------------------

for ((n = 1; n <= 60; ++n)); do
    printf '{"id":"w%d","birth_date":"%d-0%d-1%d","sex":"female","area":"350203","events":[' \
        "$n" $((1965 + n % 50)) $((1 + n % 9)) $((n % 10))
    printf '{"type":"register","date":"2024-01-0%d"},' $((1 + n % 9))
    if ((n % 3)); then
        printf '{"type":"hpv_test","date":"2024-03-1%d","result":"%s"},' $((n % 10)) \
            "$( ((n % 4)) && echo negative || echo positive)"
    fi
    printf '{"type":"dose","date":"2024-04-1%d","product":"cvx:165"}]}\n' $((n % 10))
done >"$place/persons.jsonl"
with_pin egret import persons "$place/persons.jsonl" >/dev/null 2>&1
woman=$(with_pin egret woman add name=王小丽 birth_date=1985-03-04 sex=female area=350203 --json |
    word id)
with_pin egret record visit --woman "$woman" --date 2024-05-06 >/dev/null
with_pin egret stock receive lot=A1 product=egret:cecolin quantity=50 date=2024-04-01 >/dev/null

commands=(
    "woman find 王" "woman find 王 --json" "woman find xyz" "woman show $woman"
    "woman show $woman --history" "woman show $woman --json" "woman show 00000000"
    "next $woman" "next $woman --json" "next $woman --on 2030-01-01 --lang zh"
    "due" "due --json" "due --kind any --within 365d --lang zh" "due --csv" "due --failsafe"
    "recall" "recall --json" "recall --site breast --csv"
    "coverage hpv1-by-15 --by area,birth_year --on 2026-01-01"
    "coverage cervical-screened-5y --by birth_year --on 2026-01-01 --json"
    "coverage cervical-screened-5y --on 2026-01-01 --csv --recount" "coverage no-such"
    "log verify" "log verify --json" "log show" "log show --limit 3 --lang zh" "log show --json"
    "check" "check --json --lang zh" "stock show" "stock show A1 --json" "stock wastage --csv"
    "stock who A1" "export persons -" "card $woman --no-code --lang both" "sync status"
    "sync status --json" "sync" "user list" "user list --json"
    "due --on 2026-13-01" "woman" "due --help" "nonsense" "--version"
)

ask() { # ask INTO COMMAND: what it says and how it ends.
    local into=$1 status=0
    shift
    "$@" >"$place/$into.out" 2>"$place/$into.err" </dev/null || status=$?
    echo "$status" >"$place/$into.status"
}

count=0
for command in "${commands[@]}"; do
    read -r -a words <<<"$command"
    with_pin ask "alone-$((++count))" egret "${words[@]}"
done
with_pin egret unlock >"$place/unlocked"
grep -q 林护士 "$place/unlocked" || fail "unlock doesn't say for whom"
count=0
for command in "${commands[@]}"; do
    read -r -a words <<<"$command"
    ask "agent-$((++count))" egret "${words[@]}"
    for part in out err status; do
        cmp -s "$place/alone-$count.$part" "$place/agent-$count.$part" ||
            fail "egret $command: other $part: $(diff "$place/alone-$count.$part" \
                "$place/agent-$count.$part" | head -n 5)"
    done
done

# ---- where the client is ------------------------------------------------------------------------

mkdir "$place/elsewhere"
(
    cd "$place/elsewhere"
    umask 027
    egret export persons here.jsonl >/dev/null
    [[ -s here.jsonl ]] || fail "a file is not made where the client is"
    head -n 3 here.jsonl | egret import persons - --json >/dev/null 2>&1 || [[ $? == 3 ]]
    EGRET_HOME=../clinic egret log verify >/dev/null || fail "a folder is not found from there"
)
[[ $(stat -c %a "$place/clinic/agent.sock") == 600 ]] || fail "others may connect"

# ---- what happens to one harms no other ---------------------------------------------------------

for ((n = 0; n < 3; ++n)); do
    { egret export persons - 2>/dev/null || true; } | head -c 10 >/dev/null
done
egret log verify >/dev/null || fail "an answer that was cut off ended the agent"

# Somebody who doesn't read on keeps the registry from nobody.
mkfifo "$place/pipe"
egret log show --json >"$place/pipe" &
reading=$!
exec 7<"$place/pipe"
head -c 1 <&7 >/dev/null
with_pin egret record visit --woman "$woman" --date 2024-05-07 >/dev/null ||
    fail "an answer that is not read keeps the registry"
cat <&7 >/dev/null
exec 7<&-
wait "$reading" || fail "an answer that was read late is not whole"

# A client that is killed while its command is at work.
for ((n = 0; n < 8; ++n)); do
    egret import persons "$place/persons.jsonl" >/dev/null 2>&1 &
    client=$!
    sleep "0.0$n"
    kill -9 "$client" 2>/dev/null || true
    wait "$client" 2>/dev/null || true
    egret log verify >/dev/null || fail "the log is not whole after a client was killed"
done

# record_at_once MONTH DAYS HOW...: a visit on each of so many days, all at once.
facts() { "$@" egret log show --json | grep -o '"seq"' | wc -l; }
record_at_once() {
    local month=$1 days=$2 how=("${@:3}") pids=() n before after
    before=$(facts "${how[@]}")
    for ((n = 1; n <= days; ++n)); do
        "${how[@]}" egret record visit --woman "$woman" --date "2024-$month-$((n + 10))" \
            >/dev/null 2>"$place/many-$n.err" &
        pids+=($!)
    done
    for n in "${pids[@]}"; do
        wait "$n" || fail "one of many was refused: $(cat "$place"/many-*.err | head -n 3)"
    done
    after=$(facts "${how[@]}")
    ((after == before + days)) || fail "$days records at once made $((after - before))"
}
record_at_once 06 12 env

# ---- locking ------------------------------------------------------------------------------------

egret lock >/dev/null
[[ ! -e $place/clinic/agent.sock ]] || fail "a locked registry has a socket"
(($(status_of egret due) == 4)) || fail "it isn't locked"
# Alone a command waits five seconds for the others.
record_at_once 07 4 env EGRET_PIN_FILE="$place/pin"
[[ $(egret lock --json) == *'"was_unlocked":false'* ]] || fail "it was not locked before"

# Another user takes it over with a PIN of her own.
printf '739164\n' >"$place/pin2"
chmod 600 "$place/pin2"
with_pin env EGRET_NEW_PIN_FILE="$place/pin2" egret user add 陈护士 --role nurse >/dev/null
EGRET_USER=林护士 EGRET_PIN_FILE=$place/pin egret unlock >/dev/null
egret record visit --woman "$woman" --date 2024-08-01 >/dev/null
EGRET_PIN_FILE=$place/pin egret unlock --as 陈护士 >/dev/null 2>&1 && fail "another's PIN opens it"
egret record visit --woman "$woman" --date 2024-08-02 >/dev/null
EGRET_PIN_FILE=$place/pin2 egret unlock --as 陈护士 --minutes 3 >/dev/null
egret record visit --woman "$woman" --date 2024-08-03 >/dev/null
authors=$(egret log show --json | tr '{' '\n' | tail -n 3 |
    sed -n 's/.*"author":"\([^"]*\)".*/\1/p' | tr '\n' ' ')
[[ $authors == "林护士 林护士 陈护士 " ]] || fail "recorded by: $authors"
# Another key is not hers to give, and who asks in vain locks nobody out.
EGRET_PIN_FILE=$place/pin2 egret rekey --recovery-sheet "$place/sheet3" --as 陈护士 >/dev/null 2>&1 &&
    fail "a nurse gives the registry another key"
[[ ! -e $place/sheet3 ]] || fail "a sheet is left of a key that was refused"
(($(status_of egret due) == 0)) || fail "a key that was refused locks the registry"

egret lock >/dev/null
EGRET_USER=林护士 EGRET_PIN_FILE=$place/pin egret unlock --json | grep -q '"minutes":3' ||
    fail "the minutes are not kept"
egret lock >/dev/null

# A registry that gets another key is unlocked for nobody, not even for a command at work.
export EGRET_USER=林护士
with_pin egret unlock >/dev/null
mkfifo "$place/typed"
egret import persons - <"$place/typed" >/dev/null 2>&1 &
importing=$!
exec 7>"$place/typed"
head -n 1 "$place/persons.jsonl" >&7
before=$(sha256sum <"$place/clinic/registry.keys")
with_pin egret rekey --recovery-sheet "$place/sheet2" >/dev/null || fail "no other key"
exec 7>&-
wait "$importing" 2>/dev/null || true
[[ $(sha256sum <"$place/clinic/registry.keys") != "$before" ]] || fail "the keys are as before"
(($(status_of egret due) == 4)) || fail "it is unlocked after another key"
unset EGRET_USER
with_pin env EGRET_USER=林护士 egret check >/dev/null || fail "the registry is not sound"
echo "agent: ${#commands[@]} commands answer the same through it; many at once, killed clients" \
    "and other users do no harm"
