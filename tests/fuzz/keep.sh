#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keeps what a long run has found: tests/fuzz/keep.sh NAME... packs the fewest inputs that reach the same places of the code
# as all of build/fuzz/corpus/NAME (how often does not count: that is seven times as much) into
# tests/fuzz/corpus/NAME.tar.gz. All of them together should stay below 200 kB.
set -euo pipefail
cd "$(dirname "$0")/../.."
for name; do
	few=$(mktemp -d)
	"build/fuzz/bin/fuzz_$name" -set_cover_merge=1 -use_counters=0 -max_len=2048 "$few" "tests/fuzz/seeds/$name" "build/fuzz/corpus/$name"
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$few" -cf - . | gzip -9n >"tests/fuzz/corpus/$name.tar.gz"
	rm -rf "$few"
done
