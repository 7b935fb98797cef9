#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every reader until it has had RUNS inputs: tests/fuzz/long.sh [RUNS [NAME...]]. It goes on where it was ended, a
# hundredth at a time, and counts in tests/fuzz/inputs.txt, which is committed together with the corpora (tests/fuzz/keep.sh). A finding
# ends the reader's turn and sets its count back to nothing, and so should whoever rewrites the reader.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
runs=${1:-10000000}
shift
[ $# = 0 ] && mapfile -t names < <(awk '!/^#/ { print $1 }' tests/fuzz/readers.txt) && set -- "${names[@]}"
counts=tests/fuzz/inputs.txt
passed=0
failed=0

# count_of NAME; set_count NAME COUNT
count_of() { awk -v name="$1" '$1 == name { count = $2 } END { print count + 0 }' "$counts"; }
set_count() {
	awk -v name="$1" -v count="$2" -v today="$(date +%F)" '$1 != name { print } $1 == name { print name, count, today; is_done = 1 }
		END { if (!is_done) print name, count, today }' "$counts" >"$counts.new" && mv "$counts.new" "$counts"
}

# one_part NAME DONE: up to a hundredth more; every tenth of them with long inputs.
one_part() {
	local part=$(((runs + 99) / 100)) length="" log=build/logs/fuzz_$1.log had
	[ $(($2 / part % 10)) = 9 ] && length=4096
	[ "$part" -gt $((runs - $2)) ] && part=$((runs - $2))
	FUZZ_RUNS=$part FUZZ_LENGTH=$length tests/fuzz/run.sh "$1" >"$log" 2>&1 || return 1
	had=$(awk '/^stat::number_of_executed_units:/ { print $2 }' "$log")
	set_count "$1" $(($2 + had))
}

mkdir -p build/logs
[ -f "$counts" ] || : >"$counts"
for name; do
	while count=$(count_of "$name") && [ "$count" -lt "$runs" ]; do
		if ! one_part "$name" "$count"; then
			tail -n 30 "build/logs/fuzz_$name.log"
			set_count "$name" 0
			failed=$((failed + 1))
			continue 2
		fi
		echo "$(date +%T) $name: $(count_of "$name") of $runs inputs"
	done
	passed=$((passed + 1))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
