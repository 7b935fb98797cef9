#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Rebuilds and restarts the sample shop on every change of engine/ or web/: tests/watch.sh PORT.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
port=${1:-8080}
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; exit 0' INT TERM
stamp() { find engine web Makefile -type f -not -path '*/node_modules/*' -printf '%T@ %p\n' | sort | cksum; }
before=
while :; do
	now=$(stamp)
	if [ "$now" != "$before" ]; then
		before=$now
		if make --no-print-directory all; then
			[ -n "$server" ] && kill "$server" && wait "$server"
			build/shopbell serve --intents intents --data data --listen "127.0.0.1:$port" &
			server=$!
		fi
	fi
	read -r -t 1 -n 1 _ || true
done
