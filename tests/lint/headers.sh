#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
read -r -a flags < <(make -s --no-print-directory print-cflags | tr -d "'")
status=0
for header in engine/*/*.h; do
	gcc "${flags[@]}" -Werror -fsyntax-only -x c "$header" || { echo "$header does not compile alone"; status=1; }
done
exit $status
