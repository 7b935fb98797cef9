#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Nothing left for later, no download addresses in lock files, no test that is skipped or alone, nothing unexpected at
# the top.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
status=0
find_none() {
	local why=$1
	shift
	if git grep -nIE "$@"; then echo "^ $why"; status=1; fi
}
find_none "left for later" '\b(TO[D]O|FIX[M]E|X[X]X)\b' -- engine web bench tests Makefile
find_none "a skipped or lonely test" '\b(test|it|describe)\.(skip|only)\(' -- tests web ':!tests/lint/words.sh'
find_none "a download address in a lock file" '"resolved":' -- '*package-lock.json'
find_none "a test that sleeps" '(\busleep\(|\bsleep\(|waitForTimeout\()' -- tests ':!tests/lint/words.sh'
unexpected=$(git ls-files | cut -d/ -f1 | sort -u | grep -vxE 'engine|intents|web|tests|bench|Makefile|README\.md|LICENSE|\..*')
if [ -n "$unexpected" ]; then echo "unexpected at the top: $unexpected"; status=1; fi
exit $status
