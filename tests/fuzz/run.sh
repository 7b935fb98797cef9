#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One fuzzer for a bounded time: tests/fuzz/run.sh NAME. FUZZ_RUNS (inputs) or FUZZ_SECONDS bound it. Seeds are in
# tests/fuzz/seeds/NAME; an input that was a finding stays there. What longer runs have found is in
# tests/fuzz/corpus/NAME.tar.gz (tests/fuzz/keep.sh).
set -euo pipefail
cd "$(dirname "$0")/../.."
name=${1:?name}
work=build/fuzz/corpus/$name
mkdir -p "$work" "build/fuzz/findings"
options=(-max_len=4096 -rss_limit_mb=2048 -timeout=20 -print_final_stats=1 "-artifact_prefix=build/fuzz/findings/$name-")
[ -f "tests/fuzz/$name.dict" ] && options+=("-dict=tests/fuzz/$name.dict")
if [ -n "${FUZZ_RUNS:-}" ]; then options+=("-runs=$FUZZ_RUNS"); else options+=("-max_total_time=${FUZZ_SECONDS:-10}"); fi
seeds=()
[ -d "tests/fuzz/seeds/$name" ] && seeds+=("tests/fuzz/seeds/$name")
if [ -f "tests/fuzz/corpus/$name.tar.gz" ]; then
	kept=build/fuzz/kept/$name
	mkdir -p "$kept"
	tar -C "$kept" -xzf "tests/fuzz/corpus/$name.tar.gz"
	seeds+=("$kept")
fi
if "build/fuzz/bin/fuzz_$name" "${options[@]}" "$work" "${seeds[@]}"; then
	echo "1 passed, 0 failed"
else
	echo "0 passed, 1 failed"
	exit 1
fi
