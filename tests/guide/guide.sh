#!/usr/bin/env bash
# The commands of a guide, run exactly as they are printed there: guide.sh GUIDE.md. Blocks between
# ```sh and ``` are one script, in their order; whatever of it fails, fails. A line "# → TEXT" after
# a command says what must be in that command's answer.
#
# Needs egret and egretd in PATH.
set -euo pipefail

guide=$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")
place=$(mktemp -d "${TMPDIR:-/tmp}/egret-guide.XXXXXX")
trap 'rm -rf "$place"' EXIT

script=$place/script.sh
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$guide" >"$place/printed"
if [[ ! -s $place/printed ]]; then
    echo "guide.sh: $guide has no commands" >&2
    exit 1
fi
{
    echo 'set -euo pipefail'
    echo 'expect() {'
    echo '    if ! grep -qF -- "$1" "$said"; then'
    echo '        echo "guide.sh: not said: $1" >&3; cat "$said" >&3; exit 1'
    echo '    fi'
    echo '}'
    echo 'exec 3>&2 >>"$said" 2>&1'
    awk '/^# → / { sub(/^# → /, ""); gsub(/'\''/, "'\''\\'\'''\''"); print "expect '\''" $0 "'\''"
                   next }
         /^([A-Z_]+=[^ ]* )*egretd? / { print ": >\"$said\"" } { print }' "$place/printed"
} >"$script"

mkdir "$place/home" "$place/work"
export HOME=$place/home said=$place/said
export -n EGRET_DATA EGRET_HOME EGRET_LANG EGRET_USER EGRET_DEVICE_KEY EGRET_NEW_PIN_FILE \
    EGRET_PASSPHRASE_FILE EGRET_RECOVERY_FILE 2>/dev/null || true
# In place of who would be asked for her PIN at each command.
printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
export EGRET_PIN_FILE=$place/pin
cd "$place/work"
if ! bash "$script"; then
    echo "guide.sh: a command of $guide failed" >&2
    cat "$place/said" >&2
    exit 1
fi
count=$(grep -cE '^([A-Z_]+=[^ ]* )*egretd? ' "$place/printed")
echo "$count commands of $(basename "$guide") do what it says"
