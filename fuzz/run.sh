#!/usr/bin/env bash
# Runs every fuzz target of a build for its part of a time: run.sh BUILD SECONDS. Starts from the committed corpus, keeps
# new inputs in BUILD/found, prints a line per target. Exit status 1: there are findings; each with its input and the
# command that replays it.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
build=$1
seconds=$2
mapfile -t targets < <(ls "$here/corpus")
cores=$(nproc)
each=$((seconds * cores / ${#targets[@]}))
[ "$each" -ge 1 ] || each=1

# One target; its output goes to BUILD/found/TARGET.log. libFuzzer writes new inputs to the first folder only.
fuzz_one() {
    local target=$1
    local found=$build/found/$target findings=$build/findings/$target
    local dictionary=$here/dictionaries/$target.dict options=()
    mkdir -p "$found" "$findings"
    [ -f "$dictionary" ] && options+=("-dict=$dictionary")
    "$build/bin/fuzz_$target" -max_total_time="$each" -timeout=10 -rss_limit_mb=1536 -print_final_stats=1 \
        -artifact_prefix="$findings/" "${options[@]}" "$found" "$here/corpus/$target" \
        >"$build/found/$target.log" 2>&1 || echo "$target" >>"$build/found/failed"
}
export -f fuzz_one
export build here each

last_of() { grep -ao "$1[^ ]*" "$2" | tail -1 | grep -o '[0-9]*$' || echo 0; }

report_one() {
    local target=$1 log=$build/found/$1.log verdict=none
    grep -qx "$target" "$build/found/failed" && verdict=FOUND
    printf '%-10s %12s %9s %9s  %s\n' "$target" "$(grep -a 'stat::number_of_executed_units' "$log" | grep -o '[0-9]*$' || echo '?')" \
        "$(last_of 'ft: ' "$log")" "$(grep -a 'stat::new_units_added' "$log" | grep -o '[0-9]*$' || echo '?')" "$verdict"
}

mkdir -p "$build/found"
: >"$build/found/failed"
printf '%s\n' "${targets[@]}" | xargs -P "$cores" -I{} bash -c 'fuzz_one {}'

printf '%-10s %12s %9s %9s  %s\n' target executions features 'new paths' findings
for target in "${targets[@]}"; do report_one "$target"; done
[ -s "$build/found/failed" ] || exit 0
for target in $(sort "$build/found/failed"); do
    log=$build/found/$target.log
    input=$(grep -ao 'Test unit written to .*' "$log" | tail -1 | cut -d' ' -f5-)
    printf '\n%s: %s\n' "$target" "$(grep -aE 'broken invariant|runtime error|ERROR: ' "$log" | head -1)"
    if [ -n "$input" ]; then
        printf '  input:  %s\n  replay: %s %s\n' "$input" "$build/bin/fuzz_$target" "$input"
    else
        printf '  the end of its log, %s:\n' "$log"
        tail -5 "$log"
    fi
done
exit 1
