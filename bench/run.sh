#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the benchmarks and prints the last kept result beside the new one: `make bench`, or bench/run.sh [NAME...] after
# a build. DATA=FOLDER: where the open data sets lie (default ../shared/data; without them quality and mood are left
# out). KEEP=1: the new results are kept in bench/results/. Exit status 1 when one of them fails.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
data=${DATA:-../shared/data}
status=0
mkdir -p build/bench bench/results

# show NAME COMMAND...
show() {
	local name=$1 kept=bench/results/$1.txt new=build/bench/$1.txt start=$SECONDS
	shift
	printf '== %s\n' "$name"
	if ! "$@" >"$new" 2>"build/bench/$name.err"; then
		echo "failed:"
		cat "$new"
		tail -n 5 "build/bench/$name.err"
		status=1
		return
	fi
	if [ ! -f "$kept" ]; then
		cat "$new"
	elif cmp -s "$kept" "$new"; then
		cat "$new"
		echo "(as kept)"
	else
		printf -- '-- kept, %s\n' "$(git log -1 --format=%as -- "$kept" 2>/dev/null)"
		cat "$kept"
		echo "-- new"
		cat "$new"
	fi
	printf '(%d s)\n\n' $((SECONDS - start))
	[ -z "${KEEP:-}" ] || cp "$new" "$kept"
}

[ $# -gt 0 ] || set -- quality mood turn store load soak
for name; do
	if [ ! -x "build/bench/$name" ]; then
		echo "$name: build/bench/$name is not built" >&2
		status=1
		continue
	fi
	case $name in
	quality | mood)
		if [ -d "$data" ]; then
			show "$name" "build/bench/$name" "$data"
		else
			printf '== %s\n%s is not there: left out (DATA=FOLDER)\n\n' "$name" "$data"
		fi
		;;
	*) show "$name" "build/bench/$name" ;;
	esac
done
exit $status
