#!/usr/bin/env bash
# A printed vaccination card, checked by programs that we did not write: librsvg draws its code,
# zbar reads it, and node with the library `jose` verifies it by the keys that a running centre
# publishes. Then the clinic's machine is shut out, and the same card must be refused.
#
# Needs egret and egretd in PATH. Skipped (status 77) where one of the other programs, or the
# registry that has `jose`, is not at hand.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
place=$(mktemp -d "${TMPDIR:-/tmp}/egret-card.XXXXXX")
centre=""

finish() {
    local status=$?
    trap - EXIT
    if [[ -n $centre ]]; then
        kill "$centre" 2>/dev/null || true
        wait "$centre" 2>/dev/null || true
    fi
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

skip() {
    echo "skipped: $*"
    exit 77
}

fail() {
    echo "card.sh: $*" >&2
    exit 1
}

member() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

for program in node npm rsvg-convert zbarimg; do
    command -v "$program" >/dev/null || skip "$program is not installed"
done
mkdir "$place/node"
cp "$here/verify.mjs" "$place/node/"
if ! (cd "$place/node" && timeout 30 npm install --silent --no-audit --no-fund --ignore-scripts \
    jose@6.1.0 >npm.log 2>&1); then
    skip "the registry of npm, or jose in it, can't be reached"
fi

printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
export EGRET_PIN_FILE=$place/pin EGRET_HOME=$place/clinic EGRET_LANG=en

egretd init --data "$place/centre" --name "A programme" >/dev/null
: >"$place/centre.log"  # There before anyone reads it, however late the server starts.
egretd serve --data "$place/centre" --listen 127.0.0.1:0 >"$place/centre.log" 2>&1 &
centre=$!
url=""
for _ in $(seq 300); do
    url=$(sed -n 's/.*listening on \(https:[^ ]*\).*/\1/p' "$place/centre.log")
    if [[ -n $url ]] || ! kill -0 "$centre" 2>/dev/null; then break; fi
    sleep 0.1
done
if [[ -z $url ]]; then fail "the centre did not start"; fi

egret init --clinic "思明区妇幼保健院" --area 350203 --recovery-sheet "$place/sheet" >/dev/null
code=$(egretd clinic add "思明区妇幼保健院" --area 350203 --data "$place/centre" --json | member code)
egret enrol "$url" "$code" >/dev/null
day() { date -d "$1 days ago" +%F; }
id=$(egret woman add name=王小丽 "birth_date=$(date -d '13 years ago' +%F)" sex=female \
    area=350203 --json | member id)
for given in 400 200; do
    egret record dose --woman "$id" --date "$(day $given)" product=egret:cecolin "lot=X$given" \
        --json >/dev/null
done

egret card "$id" --lang both --out "$place/card.html"
# The one picture on the page.
sed -n 's/.*\(<svg .*<\/svg>\).*/\1/p' "$place/card.html" >"$place/code.svg"
[[ -s $place/code.svg ]] || fail "the card has no picture of a code"
rsvg-convert --width 900 --output "$place/code.png" "$place/code.svg"
zbarimg --quiet --raw --set disable --set qrcode.enable "$place/code.png" \
    >"$place/code.txt" 2>"$place/zbar.log" ||
    fail "zbar can't read the code"

check() {
    node "$place/node/verify.mjs" "$place/code.txt" "$url" "$place/centre/keys/ca.pem" "$@"
}

check verified 王小丽 "$(day 400)" "$(day 200)" X400 X200
egretd clinic revoke C001 --data "$place/centre" >/dev/null
check refused
echo "a printed card verifies with jose, and no longer once its machine is shut out"
