#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The same files give the same answers, bit for bit, whatever the order of the directory: the sample corpus is copied
# in opposite orders and asked the same questions.
set -euo pipefail
cd "$(dirname "$0")/../.." || exit
work=build/determinism
rm -rf "$work"
mkdir -p "$work/a" "$work/b"
(cd intents && find . -type f | sort) | while read -r f; do install -D "intents/$f" "$work/a/$f"; done
(cd intents && find . -type f | sort -r) | while read -r f; do install -D "intents/$f" "$work/b/$f"; done
ask() {
	for question in "do you ship to ireland" "wheres my parcel" "i want my money back" "can i pay with paypal"; do
		build/shopbell ask --json --intents "$1" "$question"
	done
}
diff <(ask "$work/a") <(ask "$work/b")
