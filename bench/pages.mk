# SPDX-License-Identifier: Apache-2.0
# Both pages in a real Chromium: frames while one scrolls and types, memory over an hour's visitors. Not part of `make bench`:
# it takes minutes. KEEP=1: what came out is kept in bench/results/.
bench-pages: build/shopbell build/deps.test ## frames and memory of both pages under load, from Chromium's own trace
	@mkdir -p build/bench
	@node bench/pages.mjs | tee build/bench/pages.txt
	@$(if $(KEEP),cp build/bench/pages.txt bench/results/)
.PHONY: bench-pages
