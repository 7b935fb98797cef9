#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# clang-tidy with the checks of .clang-tidy over engine/.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
read -r -a flags < <(make -s --no-print-directory print-cflags | tr -d "'")
printf '%s\0' engine/*/*.c | xargs -0 -n 4 -P "$(nproc)" sh -c 'clang-tidy --quiet --warnings-as-errors="*" "$@" -- '"$(printf '%q ' "${flags[@]}")" _ 2>/dev/null
