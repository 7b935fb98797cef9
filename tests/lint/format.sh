#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# All C stands as clang-format would put it (`make fmt` does).
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
