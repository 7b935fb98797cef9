#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds every #include of engine/ against the table of modules in the Makefile, and the foreign libraries against the
# one module that may name each.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
# header prefix -> the module that may include it
foreign='libstemmer text
utf8proc text
cmark corpus
ini.h corpus
sqlite3 store
cjson wire
microhttpd server
libwebsockets server
ev.h server
sodium server
zlib server'
make -s --no-print-directory print-table >build/modules.table 2>/dev/null || exit 1
awk -v foreign="$foreign" '
	BEGIN {
		n = split(foreign, rows, "\n")
		for (i = 1; i <= n; i++) { split(rows[i], f, " "); owner[f[1]] = f[2] }
	}
	FILENAME == "build/modules.table" { for (i = 2; i <= NF; i++) sees[$1, $i] = 1; sees[$1, $1] = 1; known[$1] = 1; next }
	/^[ \t]*#[ \t]*include/ {
		split(FILENAME, path, "/"); module = path[2]
		if (match($0, /"[^"]+"/)) {
			name = substr($0, RSTART + 1, RLENGTH - 2); split(name, to, "/")
			if (!(to[1] in known)) { bad(name " does not start at engine/"); next }
			if (!((module, to[1]) in sees)) bad(module " may not include " to[1] " (" name ")")
			if (name ~ /internal\.h$/ && to[1] != module) bad(name " is internal to " to[1])
		} else if (match($0, /<[^>]+>/)) {
			name = substr($0, RSTART + 1, RLENGTH - 2)
			for (prefix in owner) if (index(name, prefix) == 1 && owner[prefix] != module) bad("<" name "> belongs to " owner[prefix])
		}
	}
	function bad(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; failed = 1 }
	END { exit failed }
' build/modules.table engine/*/*.[ch]
