# shellcheck shell=bash
# ./run check [STEP...]: everything that is not a test of behaviour. Read by run, which gives
# build, jobs_max, root and fail.

check_steps=(format tidy warnings clang sanitizers fuzz)

check() {
    local step steps=("$@") report=() started failed=0 dir
    if ((${#steps[@]} == 0)); then steps=("${check_steps[@]}"); fi
    for step in "${steps[@]}"; do
        if [[ " ${check_steps[*]} " != *" $step "* ]]; then
            fail "There is no check '$step', only: ${check_steps[*]}"
        fi
    done
    for step in "${steps[@]}"; do
        started=$SECONDS
        echo "── $step"
        # A subshell of its own: in a condition bash would go on after the first failing line.
        set +e
        (
            set -e
            "check_$step"
        )
        local status=$?
        set -e
        if ((status == 0)); then
            report+=("$(printf '%-12s ok      %5d s' "$step" $((SECONDS - started)))")
        else
            report+=("$(printf '%-12s FAILED  %5d s' "$step" $((SECONDS - started)))")
            failed=1
        fi
    done
    echo "── checked"
    printf '%s\n' "${report[@]}"
    return "$failed"
}

# our_sources: every .h and .cpp of ours, each ended by a zero byte.
our_sources() {
    local dir dirs=()
    for dir in registry sync cli web tests bench; do
        if [[ -d $dir ]]; then dirs+=("$dir"); fi
    done
    find "${dirs[@]}" -name node_modules -prune -o \( -name '*.h' -o -name '*.cpp' \) -print0
}

check_format() {
    our_sources | xargs -0 clang-format --dry-run -Werror
}

check_tidy() {
    configure clang
    # Headers that are written during the build must be there.
    build clang all
    our_sources | grep -zE '\.cpp$' |
        xargs -0 -P "$(jobs_max)" -n 1 clang-tidy --quiet -p build/clang 2>&1 |
        { grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header' || true; }
}

# The release build again, where a warning is an error: g++ sees most when it optimises.
check_warnings() {
    build strict all
}

check_clang() {
    build clang all
    ctest --preset clang --output-on-failure
}

check_sanitizers() {
    build asan all
    ctest --preset asan --output-on-failure
}

# Every target for a minute (EGRET_FUZZ_SECONDS), from the inputs kept for it.
check_fuzz() {
    local target name corpus seconds=${EGRET_FUZZ_SECONDS:-60} found=0
    build fuzz fuzzers
    for target in build/fuzz/bin/*_fuzz; do
        if [[ ! -x $target ]]; then continue; fi
        found=1
        name=${target##*/}
        corpus=build/fuzz/corpus/$name
        mkdir -p "$corpus" build/fuzz/found
        local inputs=("$corpus")
        if [[ -d tests/fuzz/corpus/$name ]]; then inputs+=("tests/fuzz/corpus/$name"); fi
        if [[ $name == protocol_fuzz ]]; then inputs+=(schemas/protocols schemas/programmes); fi
        if [[ $name == sheet_fuzz ]]; then inputs+=(tests/registry/sheet/files); fi
        if [[ $name == indicator_fuzz ]]; then inputs+=(schemas/indicators); fi
        echo "$name for $seconds s"
        if ! "$target" -max_total_time="$seconds" -timeout=10 -print_final_stats=1 \
            -artifact_prefix="build/fuzz/found/$name-" "${inputs[@]}" >"$corpus.log" 2>&1; then
            tail -n 40 "$corpus.log"
            fail "$name found an input that breaks it: build/fuzz/found/$name-*"
        fi
        grep -E 'number_of_executed_units|peak_rss_mb' "$corpus.log" || true
    done
    if ((found == 0)); then echo "There is no fuzz target here yet."; fi
}
