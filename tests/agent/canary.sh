#!/usr/bin/env bash
# A registry is kept unlocked, and women with invented names go through it. While commands are at
# work, after them, and after the agent was killed: none of their names and numbers, and no PIN,
# stands in what the system tells of the agent and its commands, in their open files, or in any file
# that is left; their keys are in locked memory, they leave no core, and nobody looks into them.
#
# Root works as another user here, and sees what that one could not.
#
# usage: canary.sh     egret in PATH
set -euo pipefail

place=$(mktemp -d "${TMPDIR:-/tmp}/egret-canary.XXXXXX")
mkdir "$place/work" "$place/tmp" "$place/given"
export EGRET_HOME=$place/work/clinic LC_ALL=C.UTF-8 TMPDIR=$place/tmp SQLITE_TMPDIR=$place/tmp
export EGRET_PIN_FILE=$place/given/pin

program=$(command -v egret)
as=()
if ((EUID == 0)); then
    as=(setpriv --reuid=65534 --regid=65534 --clear-groups --)
    # Where that user may start it.
    cp "$program" "$place/egret"
    program=$place/egret
    chown -R 65534:65534 "$place"
fi
cd "$place/work"
egret() { "${as[@]}" "$program" "$@"; }

finish() {
    local status=$?
    trap - EXIT
    egret lock >/dev/null 2>&1 || true
    cd /
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT

fail() {
    echo "agent's canary: $*" >&2
    exit 1
}

pin=482915
secrets=("$pin" 欧阳鹤翎 鹤翎 ouyangheling 350203198503040028 13954827716 慕容雪鸢 murongxueyuan)
looks=0
processes=0

# hold_silent WHAT FILE: nothing of hers stands in it.
hold_silent() {
    local secret
    for secret in "${secrets[@]}"; do
        ! grep -qaF -- "$secret" "$2" || fail "$secret stands in $1"
    done
}

# hold_silent_words WHAT WORDS…: the same of words.
hold_silent_words() {
    local what=$1 secret
    shift
    for secret in "${secrets[@]}"; do
        [[ "$*" != *"$secret"* ]] || fail "$secret stands in $what"
    done
}

# All that the program leaves: beside the registry, where it is called, where temporary files go.
look_at_files() {
    local file
    while IFS= read -r -d '' file; do
        hold_silent_words "a file's name" "$file"
        [[ ! -f $file ]] || hold_silent "$file" "$file"
    done < <(find "$place/work" "$place/tmp" -print0)
    [[ -z $(find "$place/tmp" -type f) ]] || fail "a temporary file: $(ls "$place/tmp")"
    looks=$((looks + 1))
}

# look_at_process ID [KEYS]: what the system tells of it. With KEYS it may have wiped them already.
look_at_process() {
    local at=/proc/$1 file
    for file in cmdline comm environ maps; do
        cat "$at/$file" >"$place/seen" 2>/dev/null || continue
        hold_silent "$file of a process" "$place/seen"
    done
    grep -Eq '^Max core file size +0 +0 ' "$at/limits" || fail "a process may leave a core"
    [[ -n ${2:-} ]] || (($(sed -n 's/^VmLck:[^0-9]*\([0-9]*\).*/\1/p' "$at/status") > 0)) ||
        fail "keys are not in locked memory"
    # Of what nobody may look into the owner is root, whoever runs it.
    [[ $(stat -c %u "$at/environ") == 0 ]] || fail "a process can be looked into"
    for file in environ mem maps; do
        ! "${as[@]}" head -c 1 "$at/$file" >/dev/null 2>&1 || fail "$file of a process can be read"
    done
    processes=$((processes + 1))
    ((EUID == 0)) || return 0
    for file in "$at"/fd/* "$at/cwd"; do
        hold_silent_words "the path of an open file" "$(readlink "$file" || true)"
        [[ $(readlink "$file") != /* || ! -f $file ]] || hold_silent "an open file" "$file"
    done
}

# has_pin ID: it stands in the memory of that process.
has_pin() {
    local range rights of
    while read -r range rights _ _ _ of; do
        [[ $rights == r* && $of != /* && $of != "[v"* ]] || continue
        dd if="/proc/$1/mem" bs=4096 skip=$((16#${range%-*} / 4096)) \
            count=$(((16#${range#*-} - 16#${range%-*}) / 4096)) 2>/dev/null || true
    done <"/proc/$1/maps" | grep -aF -- "$pin" >/dev/null
}

# The process that keeps the registry unlocked: it has the lock that says that there is one.
agent_id() {
    sed -n "s/.* \([0-9]*\) [0-9a-f:]*:$(stat -c %i "$EGRET_HOME/agent.lock") .*/\1/p" /proc/locks
}

# look [KEYS]
look() {
    local id
    ((EUID != 0)) || ! has_pin "$agent" || fail "the agent still has the PIN"
    look_at_process "$agent"
    for id in $(pgrep -P "$agent"); do look_at_process "$id" "${1:-}"; done
    look_at_files
}

# at_work: waits until the agent has a command at work.
at_work() {
    local n
    for ((n = 0; n < 200; ++n)); do
        [[ -z $(pgrep -P "$agent") ]] || return 0
        sleep 0.05
    done
    fail "a command doesn't begin"
}

word() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# ---- what is looked for is found ----------------------------------------------------------------

printf '...%s...' 13954827716 >"$place/seen"
(hold_silent "a file" "$place/seen") 2>/dev/null && fail "a number in the clear is not found"
(hold_silent_words "words" "/tmp/欧阳鹤翎") 2>/dev/null && fail "a name in the clear is not found"
((EUID != 0)) || has_pin $$ || fail "a PIN in this very process is not found"
"${as[@]}" sleep 60 &
open=$!
sleep 0.1
(look_at_process "$open") 2>/dev/null && fail "a process that keeps nothing to itself is not found"
kill "$open"
wait "$open" 2>/dev/null || true

# ---- women, through an agent --------------------------------------------------------------------

printf '%s\n' "$pin" >"$place/given/pin"
chmod 600 "$place/given/pin"
((EUID != 0)) || chown 65534:65534 "$place/given/pin"
egret init --clinic "思明" --area 350203 --user "林护士" \
    --recovery-sheet "$place/given/sheet" >/dev/null
egret unlock >/dev/null
agent=$(agent_id)
[[ -n $agent ]] || fail "nobody has the agent's lock"
look

woman=$(egret woman add name=欧阳鹤翎 birth_date=1985-03-04 sex=female area=350203 \
    phone=13954827716 resident_id=350203198503040028 --json | word id)
for ((n = 0; n < 400; ++n)); do
    printf '{"id":"w%d","name":"慕容雪鸢","birth_date":"1970-01-1%d","sex":"female","events":[' \
        "$n" $((n % 10))
    printf '{"type":"hpv_test","date":"2024-03-1%d","result":"positive"}]}\n' $((n % 10))
done >"$place/given/persons"
[[ $(egret woman find 欧阳鹤翎) == *欧阳鹤翎* ]] || fail "she is not found"
egret woman find 13954827716 >/dev/null
egret record visit --woman "$woman" --date 2024-05-06 note="欧阳鹤翎 13954827716" >/dev/null
egret export persons "$place/given/all" >/dev/null
egret backup "$place/work/copy" >/dev/null
egret check >/dev/null 2>&1
look

# One that reads what it is given, with the registry open, and one whose answer nobody reads on.
mkfifo "$place/given/in" "$place/given/out"
((EUID != 0)) || chown 65534:65534 "$place/given/in" "$place/given/out"
egret import persons - <"$place/given/in" >/dev/null 2>"$place/given/err" &
importing=$!
exec 7>"$place/given/in"
head -n 20 "$place/given/persons" >&7
at_work
sleep 0.5
look
tail -n +21 "$place/given/persons" >&7
exec 7>&-
wait "$importing" || fail "an import ended with $?: $(cat "$place/given/err")"
egret log show --json >"$place/given/out" &
showing=$!
exec 7<"$place/given/out"
head -c 1 <&7 >/dev/null
at_work
look "the registry is closed before an answer is handed over"
cat <&7 >/dev/null
exec 7<&-
wait "$showing"

# ---- killed: what is left is the same as ever ---------------------------------------------------

egret import persons - <"$place/given/in" >/dev/null 2>&1 &
importing=$!
exec 7>"$place/given/in"
cat "$place/given/persons" >&7
at_work
look
kill -9 "$agent"
exec 7>&-
wait "$importing" 2>/dev/null || true
while kill -0 "$agent" 2>/dev/null; do sleep 0.05; done
look_at_files
[[ -e $EGRET_HOME/agent.sock ]] || fail "it was not killed while it was there"
[[ $(egret woman find 欧阳鹤翎 2>/dev/null) == *欧阳鹤翎* ]] || fail "she is gone"
look_at_files
egret unlock >/dev/null
agent=$(agent_id)
look
egret lock >/dev/null
look_at_files
((processes >= 8)) || fail "only $processes processes were seen"
echo "agent's canary: nothing of hers in $processes looks at processes and $looks at all files"
