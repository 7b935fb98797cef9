#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every benchmark and prints the last kept result beside the new one. A result is kept by copying
# build/bench/NAME.txt to bench/results/NAME.txt. Data for match and mood quality: DATA=folder (default ../shared/data).
set -uo pipefail
cd "$(dirname "$0")/.." || exit
data=${DATA:-../shared/data}
mkdir -p build/bench
show() {
	local name=$1 kept=bench/results/$1.txt new=build/bench/$1.txt
	shift
	echo "== $name"
	"$@" >"$new" 2>build/bench/"$name".err || { echo "failed:"; tail -5 "build/bench/$name.err"; return; }
	if [ -f "$kept" ]; then
		echo "-- kept (left) and new (right)"
		diff -y -W 230 --expand-tabs "$kept" "$new"
	else
		cat "$new"
	fi
}
for name in ${BENCH:-quality mood store load}; do
	[ -x "build/bench/$name" ] || continue
	case $name in
	quality | mood) show "$name" "build/bench/$name" "$data" ;;
	*) show "$name" "build/bench/$name" ;;
	esac
done
