#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# No function of engine/ above 80 lines, no file of engine/ or web/ above 500, an SPDX line in each.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
status=0
while read -r lines file; do
	[ "$file" = total ] && continue
	if [ "$lines" -gt 500 ]; then echo "$file: $lines lines"; status=1; fi
done < <(git ls-files 'engine/*.c' 'engine/*.h' 'web/*.ts' 'web/*.tsx' | xargs wc -l)
awk '
	FNR == 1 { open = 0 }
	/^\{/ { open = FNR }
	/^\}/ { if (open && FNR - open > 80) { printf "%s:%d: a function of %d lines\n", FILENAME, open, FNR - open; failed = 1 } open = 0 }
	END { exit failed }
' engine/*/*.c || status=1
for file in $(git ls-files 'engine/*.[ch]' 'web/*.ts' 'web/*.tsx' 'tests/*.[ch]' 'tests/*.mjs' 'bench/*.[ch]'); do
	head -3 "$file" | grep -q 'SPDX-License-Identifier' || { echo "$file: no SPDX line"; status=1; }
done
exit $status
