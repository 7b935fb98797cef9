#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lines covered a file, from the .gcda files below a build folder: tests/coverage.sh build/cover.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
find "${1:?folder}" -name '*.gcda' -path '*/cover/*' -print0 |
	xargs -0 gcov -n 2>/dev/null |
	awk -F"'" '/^File/ { file = $2 } /^Lines executed/ && file ~ /^engine/ { sub(/Lines executed:/, ""); printf "%-40s %s\n", file, $0; file = "" }' |
	sort -u
