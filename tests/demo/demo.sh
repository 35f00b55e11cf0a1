#!/usr/bin/env bash
# What ./run demo shows: a centre and three clinics in two districts of Xiamen, on this machine and
# with the real programs. Nurses record, clinics sync over HTTPS, the centre counts.
#
# Needs egret and egretd in PATH. All it writes lies in one temporary folder, which goes with it.
set -euo pipefail

place=$(mktemp -d "${TMPDIR:-/tmp}/egret-demo.XXXXXX")
centre=""

finish() {
    local status=$?
    trap - EXIT
    if [[ -n $centre ]]; then
        kill "$centre" 2>/dev/null || true
        wait "$centre" 2>/dev/null || true
    fi
    if ((status != 0)) && [[ -s $place/centre.log ]]; then
        echo "What the centre said last:" >&2
        tail -n 20 "$place/centre.log" >&2
    fi
    rm -rf "$place"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title() { printf '\n── %s\n' "$*"; }

# show COMMAND...: the command as one would type it, then what it says. The folder's name is short.
show() {
    local word line='$'
    for word in "$@"; do
        if [[ $word == *[[:space:]]* ]]; then word="'$word'"; fi
        line+=" $word"
    done
    echo "${line//$place/DEMO}"
    "$@"
}

# at CLINIC COMMAND...: as that clinic's nurse.
at() {
    local clinic=$1
    shift
    EGRET_HOME=$place/$clinic "$@"
}

# member NAME: a text member of the one JSON object on standard input.
member() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }

# ago N UNIT: a day before today, so that the world is always the same age.
ago() { date -d "$1 $2 ago" +%F; }

printf '482915\n' >"$place/pin"
chmod 600 "$place/pin"
export EGRET_PIN_FILE=$place/pin

# One woman a line: clinic | name | born | area | facts "type date member=value…; …".
# Some have had what the programme offers, some too late, some never: figures need both.
people() {
    local girl older
    girl=$(ago 13 years)
    older=$(ago 14 years)
    cat <<PEOPLE
siming|林小雨|$girl|350203|dose $(ago 400 days) $vaccine; dose $(ago 200 days) $vaccine
siming|陈思彤|$girl|350203|dose $(ago 90 days) $vaccine
siming|黄欣怡|$older|350203|
siming|郑雅文|$(ago 17 years)|350203|dose $(ago 100 days) $vaccine
siming|吴秀英|$(ago 42 years)|350203|hpv_test $(ago 700 days) result=negative
lujiang|王丽华|$(ago 51 years)|350203|cytology $(ago 500 days) results=NILM
lujiang|李桂芳|$(ago 58 years)|350203|hpv_test $(ago 60 days) $hpv16; cytology $(ago 45 days) $hsil
lujiang|周美玲|$(ago 39 years)|350203|cytology $(ago 1500 days) results=NILM
tongan|许诗涵|$girl|350212|dose $(ago 300 days) $vaccine
tongan|叶梓萱|$older|350212|
tongan|洪阿珠|$(ago 47 years)|350212|hpv_test $(ago 900 days) result=negative
tongan|蔡素贞|$(ago 62 years)|350212|hpv_test $(ago 20 days) result=invalid
PEOPLE
}
vaccine="product=cvx:165"
hpv16="result=positive types=16"
hsil="results=HSIL"

# record_all: every line of people() at its clinic; prints the first of each kind in full.
record_all() {
    local clinic name born area facts type day rest id women=0 count=0
    local -A shown=()
    while IFS='|' read -r clinic name born area facts; do
        id=$(at "$clinic" egret woman add "name=$name" "birth_date=$born" sex=female \
            "area=$area" --json | member id)
        women=$((women + 1))
        if ((women == 1)); then
            echo "\$ egret woman add name=$name birth_date=$born sex=female area=$area"
            echo "$id"
        fi
        while read -r -d ';' type day rest; do
            # The members of a fact are words without spaces.
            # shellcheck disable=SC2086
            at "$clinic" egret record "$type" --woman "$id" --date "$day" $rest --json >/dev/null
            count=$((count + 1))
            if [[ -z ${shown[$type]:-} ]]; then
                echo "\$ egret record $type --woman $id --date $day $rest"
                shown[$type]=1
            fi
        done <<<"${facts:+$facts;}"
    done < <(people)
    echo "… and the others: $women women, $count results and doses in all."
}

title "A centre for the whole city, and its server on this machine only"
show egretd init --data "$place/centre" --name "厦门演示中心"
: >"$place/centre.log"
egretd serve --data "$place/centre" --listen 127.0.0.1:0 >"$place/centre.log" 2>&1 &
centre=$!
url=""
for _ in $(seq 300); do
    url=$(sed -n 's/.*listening on \(https:[^ ]*\).*/\1/p' "$place/centre.log")
    if [[ -n $url ]] || ! kill -0 "$centre" 2>/dev/null; then break; fi
    sleep 0.1
done
if [[ -z $url ]]; then
    echo "The centre did not start." >&2
    exit 1
fi
echo "The centre listens on $url"

title "Three clinics, each with a registry of its own, enrolled by a code that works once"
while IFS='|' read -r clinic name area; do
    code=$(egretd clinic add "$name" --area "$area" --data "$place/centre" --json | member code)
    at "$clinic" show egret init --clinic "$name" --area "$area" \
        --recovery-sheet "$place/$clinic.sheet"
    at "$clinic" show egret enrol "$url" "$code"
done <<CLINICS
siming|思明社区卫生服务中心|350203
lujiang|鹭江社区卫生服务中心|350203
tongan|同安区妇幼保健院|350212
CLINICS

title "Nurses record what happened; nobody needs the network for it"
record_all

title "Each clinic seals what is new and sends it to the centre"
for clinic in siming lujiang tongan; do
    at "$clinic" show egret sync
done
echo "A second time there is nothing left to send:"
at siming show egret sync

title "The centre counts: girls with a dose of HPV vaccine before their 15th birthday"
show egretd coverage hpv1-by-15 --by area,birth_year --data "$place/centre" --lang en
show egretd coverage hpv1-by-15 --by area,birth_year --data "$place/centre" --lang zh

title "Women of 35 to 64 screened in time; an old or an invalid test does not count"
show egretd coverage cervical-screened-5y --by area --data "$place/centre" --lang en
show egretd coverage cervical-screened-5y --by area --data "$place/centre" --lang zh

title "The same for a program to read, and counted again from the log by other code"
show egretd coverage cervical-screened-5y --by area --data "$place/centre" --json
show egretd coverage cervical-screened-5y --by area --data "$place/centre" --json --recount

title "Nothing was lost on the way, and nothing changed"
at siming show egret log verify
show egretd verify --data "$place/centre"

title "Where to look next"
cat <<'NEXT'
egret --help                what a clinic can do; egretd --help for a centre
docs/architecture.md        how a record becomes a figure, and where each step lives
schemas/indicators/         the two indicators above, as data
./run test                  the tests, among them this demonstration's promises
Everything that this demonstration wrote is gone; the programs are in build/release/bin.
NEXT
