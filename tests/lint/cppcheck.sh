#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
exec cppcheck --quiet --std=c11 --enable=warning,portability,performance --inline-suppr --error-exitcode=1 -j "$(nproc)" \
	--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -Iengine engine
