#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs stages of the tests and sums them up: tests/run.sh STAGE [VARIANT], STAGE one of lint, unit, golden, web,
# server, browser, fuzz, all. Every program prints `N passed, N failed` or cmocka's closing lines; its whole output is
# in build/logs/. The last line here is the sum; the exit status says whether anything failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
stage=${1:?stage}
variant=${2:-release}
logs=build/logs
mkdir -p "$logs"
passed=0
failed=0
broken=() # "name: log" of every part that failed

# counts FILE: sets p and f from the closing lines in it.
counts() {
	p=$(sed -nE 's/^([A-Za-z]+: )?([0-9]+) passed, [0-9]+ failed.*/\2/p; s/^\[  PASSED  \] ([0-9]+) test\(s\)\..*/\1/p' "$1" | awk '{ s += $1 } END { print s + 0 }')
	f=$(sed -nE 's/^([A-Za-z]+: )?[0-9]+ passed, ([0-9]+) failed.*/\2/p; s/^\[  FAILED  \] ([0-9]+) test\(s\), listed below:?.*/\1/p' "$1" | awk '{ s += $1 } END { print s + 0 }')
}

# part NAME COMMAND...: runs it, adds its counts, shows its end when anything failed. A command that fails without
# counting a failure, or ends well without counting anything, is one failure.
part() {
	local name=$1 log p f status start=$SECONDS
	shift
	log=$logs/${name//[^A-Za-z0-9_.-]/_}.log
	"$@" >"$log" 2>&1 </dev/null
	status=$?
	counts "$log"
	if [ "$f" = 0 ] && { [ "$status" != 0 ] || [ "$p" = 0 ]; }; then f=1; fi
	passed=$((passed + p))
	failed=$((failed + f))
	printf '%-34s %5d passed, %d failed  (%d s)\n' "$name" "$p" "$f" $((SECONDS - start))
	if [ "$f" != 0 ]; then
		broken+=("$name: $log")
		echo "--- the end of $log:"
		tail -n 40 "$log"
		echo "---"
	fi
}

# recall: names what failed once more, with the lines that say so, where a long run ends.
recall() {
	local b
	for b in "${broken[@]}"; do
		echo "failed: ${b%: *}"
		grep -nE '^(not ok|FAILED|\[  FAILED  \])|[Ee]rror:|ERROR' "${b##*: }" | grep -vE '0 failed|listed below' | head -n 12 | cut -c1-300
	done
}

# check NAME COMMAND...: a command that says nothing of numbers: one test.
check() {
	local name=$1
	shift
	part "$name" bash -c '"$@" && echo "1 passed, 0 failed" || { echo "0 passed, 1 failed"; exit 1; }' _ "$@"
}

make_for() { make --no-print-directory -j"$(nproc)" WERROR=1 "$@"; }
export -f make_for

export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="halt_on_error=0 exitcode=66 suppressions=$PWD/tests/tsan.supp"

run_unit() {
	for t in "build/$1"/tests/test_*; do
		[ -x "$t" ] && [ ! -d "$t" ] && case $t in *.d) ;; *) part "unit $1 ${t##*/test_}" "$t" ;; esac
	done
}
run_golden() { part "golden $1" "build/$1/tests/golden_run" tests/golden; }
program_of() { if [ "$1" = release ]; then echo build/shopbell; else echo "build/$1/shopbell"; fi; }
run_server() { SHOPBELL=$(program_of "$1") part "server $1" node tests/server/run.mjs; }
run_intents() {
	check "intents: shopbell check" build/shopbell check intents
	check "intents: does not depend on the day" tests/lint/determinism.sh
}
# one_fuzz NAME: its output goes to a file of its own; its count is printed, and before a failure what led to it.
one_fuzz() {
	local log=build/logs/fuzz_$1.log
	if tests/fuzz/run.sh "$1" >"$log" 2>&1; then tail -n 1 "$log"; else tail -n 30 "$log"; fi
}
export -f one_fuzz
all_fuzz() {
	find build/fuzz/bin -name 'fuzz_*' ! -name '*.d' -printf '%f\n' | sort | cut -c6- |
		xargs -P "$(nproc)" -I NAME bash -c 'one_fuzz NAME'
}
run_fuzz() { part "fuzz" all_fuzz; }
run_lint() {
	check "lint: includes" tests/lint/includes.sh
	check "lint: every header alone" tests/lint/headers.sh
	check "lint: sizes" tests/lint/sizes.sh
	check "lint: words that must not be there" tests/lint/words.sh
	check "lint: clang-format" tests/lint/format.sh
	check "lint: cppcheck" tests/lint/cppcheck.sh
	check "lint: clang-tidy" tests/lint/tidy.sh
	check "lint: shellcheck" bash -c 'git ls-files "*.sh" .ci/run | xargs shellcheck -x'
	check "lint: tsc" bash -c 'cd web && node_modules/.bin/tsc --noEmit -p .'
}

case $stage in
lint) run_lint ;;
unit) run_unit "$variant" ;;
golden) run_golden "$variant" ;;
web) part "web modules" node tests/web/run.mjs ;;
server) run_server "$variant" ;;
browser) part "browser" node tests/browser/run.mjs ;;
fuzz) run_fuzz ;;
all)
	check "build release" make_for all unit-programs golden-programs server-programs
	run_lint
	run_unit release
	run_golden release
	run_intents
	part "web modules" node tests/web/run.mjs
	run_server release
	part "browser" node tests/browser/run.mjs
	check "build asan" make_for VARIANT=asan all unit-programs golden-programs server-programs
	run_unit asan
	run_golden asan
	run_server asan
	check "build tsan" make_for VARIANT=tsan all server-programs
	run_server tsan
	check "build fuzz" make_for VARIANT=fuzz fuzz-programs
	run_fuzz
	;;
*)
	echo "tests/run.sh: no stage \"$stage\"" >&2
	exit 2
	;;
esac
recall
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
