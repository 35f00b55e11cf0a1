#!/usr/bin/env bash
# Published figures of China's programmes, if they lie beside the project: `report check` must flag
# those, and only those, of which the table itself says that they don't hold.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
figures=${EGRET_PUBLISHED:-$root/../shared/data/china}

skip() {
    echo "skipped: $1"
    exit 77
}

[[ -f $figures/published_aggregate_checks.csv && -f $figures/published_sum_checks.csv ]] ||
    skip "there are no published figures in $figures (or name them in EGRET_PUBLISHED)"
command -v python3 >/dev/null ||
    skip "python3 is not installed, which compares the answers"

for kind in aggregate sum; do
    table=$figures/published_${kind}_checks.csv
    status=0
    answer=$(egret report check "$table" --json) || status=$?
    if ((status != 1)); then
        echo "report check $table ended with $status instead of 1"
        exit 1
    fi
    python3 - "$table" "$kind" 3<<<"$answer" <<'PYTHON'
import csv, json, os, sys

table, kind = sys.argv[1:]
answer = json.load(os.fdopen(3))
told = "matches_half_up" if kind == "aggregate" else "parts_equal_total"
rows = list(csv.DictReader(open(table, encoding="utf-8-sig")))
wrong = {number for number, row in enumerate(rows, 2) if not row[told].startswith("yes")}
flagged = {row["row"]: row for row in answer["rows"] if row["verdict"] != "equal"}

assert not answer["unread"], answer["unread"]
assert [row["row"] for row in answer["rows"]] == list(range(2, len(rows) + 2)), "rows are missing"
assert set(flagged) == wrong, f"flagged {sorted(flagged)}, and {sorted(wrong)} are wrong"
if kind == "aggregate":
    assert (len(rows), len(wrong)) == (21, 3), "the table is not the one that this check knows"
    assert all(row["verdict"] == "truncated" for row in flagged.values()), flagged
    for number, row in enumerate(rows, 2):
        said = answer["rows"][number - 2]["expected"]
        assert said == row["half_up_at_printed_precision"], (number, said)
else:
    assert (len(rows), len(wrong)) == (12, 2), "the table is not the one that this check knows"
    assert [row["difference"] for row in flagged.values()] == ["91", "273"], flagged
print(f"{kind}: {len(rows)} figures, flagged in rows {sorted(flagged)}")
PYTHON
done
