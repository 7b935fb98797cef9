#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints a compile_commands.json for editors: tests/compile-commands.sh 'FLAGS'.
set -euo pipefail
cd "$(dirname "$0")/.."
separator='['
for file in engine/*/*.c tests/unit/*.c tests/fuzz/*.c tests/golden/*.c bench/*.c; do
	[ -f "$file" ] || continue
	printf '%s\n{"directory": "%s", "file": "%s", "command": "gcc %s -Itests/unit -c %s"}' \
		"$separator" "$PWD" "$file" "$1" "$file"
	separator=,
done
echo ']'
