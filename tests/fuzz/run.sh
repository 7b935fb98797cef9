#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One fuzzer for a bounded time: tests/fuzz/run.sh NAME. FUZZ_RUNS (inputs) or FUZZ_SECONDS bound it, FUZZ_LENGTH the length
# of an input (otherwise tests/fuzz/readers.txt). Seeds are in tests/fuzz/seeds/NAME; an input that was a finding stays
# there. What longer runs have found is in tests/fuzz/corpus/NAME.tar.gz (tests/fuzz/keep.sh).
set -euo pipefail
cd "$(dirname "$0")/../.."
name=${1:?name}
length=${FUZZ_LENGTH:-$(awk -v name="$name" '$1 == name { print $2 }' tests/fuzz/readers.txt)}
[ -n "$length" ] || { echo "$name is not in tests/fuzz/readers.txt"; echo "0 passed, 1 failed"; exit 1; }
work=build/fuzz/corpus/$name
fuzzer=build/fuzz/bin/fuzz_$name
mkdir -p "$work" "build/fuzz/findings"
# Freed memory is kept for a while, as much as one input uses many times over; 256 MB of it would only be page faults.
# Where something was allocated is told when the finding is run again without this.
# To hand free pages back and fetch them anew was a third of the time where an input needs much.
export ASAN_OPTIONS=${ASAN_OPTIONS:-quarantine_size_mb=4:thread_local_quarantine_size_kb=256:malloc_context_size=0:allocator_release_to_os_interval_ms=-1}
always=(-rss_limit_mb=2048 -timeout=20 "-artifact_prefix=build/fuzz/findings/$name-")
# Entropic schedules weigh every feature of every input anew: a fifth of the time, for corpora that hardly grow. To look
# each second whether another process has added inputs is for those who run several.
options=("-max_len=$length" -entropic=0 -reload=0 -print_final_stats=1)
[ -f "tests/fuzz/$name.dict" ] && options+=("-dict=tests/fuzz/$name.dict")
if [ -n "${FUZZ_RUNS:-}" ]; then options+=("-runs=$FUZZ_RUNS"); else options+=("-max_total_time=${FUZZ_SECONDS:-10}"); fi
seeds=()
[ -d "tests/fuzz/seeds/$name" ] && seeds+=("tests/fuzz/seeds/$name")
if [ -f "tests/fuzz/corpus/$name.tar.gz" ]; then
	kept=build/fuzz/kept/$name
	rm -rf "$kept"
	mkdir -p "$kept"
	tar -C "$kept" -xzf "tests/fuzz/corpus/$name.tar.gz"
	seeds+=("$kept")
fi
# The run below cuts what is longer.
mapfile -t long < <(find "${seeds[@]}" -type f -size "+${length}c" | sort)
if { [ ${#long[@]} = 0 ] || "$fuzzer" "${always[@]}" "${long[@]}"; } &&
	"$fuzzer" "${always[@]}" "${options[@]}" "$work" "${seeds[@]}"; then
	echo "1 passed, 0 failed"
else
	echo "0 passed, 1 failed"
	exit 1
fi
