# Shopbell. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# ---- What is built how: one folder of objects a variant ----
VARIANT ?= release
B := build/$(VARIANT)
CC := $(if $(filter fuzz,$(VARIANT)),clang,gcc)

CSTD     := -std=c17 -D_GNU_SOURCE -Iengine
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_release := -O2 -g $(HARDEN)
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer $(SANITIZE)
CFLAGS_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
# Without watching every comparison: two thirds of the time went there, and the dictionaries know the words that matter.
CFLAGS_fuzz    := -O2 -g -fno-omit-frame-pointer $(SANITIZE) -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp
CFLAGS_cover   := -O0 -g --coverage
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_asan    := $(SANITIZE)
LDFLAGS_tsan    := -fsanitize=thread
LDFLAGS_fuzz    := $(SANITIZE)
LDFLAGS_cover   := --coverage
CFLAGS  += $(CSTD) $(WARN) $(if $(WERROR),-Werror) $(CFLAGS_$(VARIANT)) -pthread
LDFLAGS += $(LDFLAGS_$(VARIANT)) -pthread

# ---- Modules: what each may use (lint holds the #include lines against the same table) ----
MODULES := base text corpus match sentiment dialogue store wire server app
SEES_base      :=
SEES_text      := base
SEES_corpus    := text base
SEES_match     := corpus text base
SEES_sentiment := text base
SEES_dialogue  := sentiment match corpus text base
SEES_store     := dialogue sentiment match corpus text base
SEES_wire      := dialogue sentiment match corpus text base
SEES_server    := wire store dialogue sentiment match corpus text base
SEES_app       := server wire store dialogue sentiment match corpus text base
LIBS_text      := -lstemmer -lutf8proc
LIBS_corpus    := -lcmark -linih
LIBS_match     := -lm
LIBS_sentiment := -lm
LIBS_store     := -lsqlite3
LIBS_wire      := -lcjson -lm
LIBS_server    := -lmicrohttpd -lwebsockets -lev -lsodium -lz

objects = $(patsubst engine/%.c,$(B)/%.o,$(wildcard engine/$(1)/*.c))
archive = $(B)/lib$(1).a
archives = $(foreach m,$(1),$(call archive,$(m)))
libraries = $(sort $(foreach m,$(1),$(LIBS_$(m))))
link = -Wl,--start-group $(call archives,$(1)) -Wl,--end-group $(call libraries,$(1))
# The module that a unit test belongs to is the one with a header of its part's name.
module_of = $(firstword $(foreach m,$(MODULES),$(if $(wildcard engine/$(m)/$(1).h),$(m))) \
            $(foreach m,$(MODULES),$(if $(filter $(m),$(TEST_MODULE_$(1))),$(m))))
sees = $(1) $(SEES_$(1))

# ---- The program ----
PROGRAM := $(if $(filter release,$(VARIANT)),build/shopbell,$(B)/shopbell)

all: $(PROGRAM) ## build the program with its pages inside: build/shopbell
$(PROGRAM): $(call archives,$(MODULES)) $(B)/assets.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(call objects,app) $(B)/assets.o $(call link,$(filter-out app,$(MODULES)))

define module_rules
$(call archive,$(1)): $(call objects,$(1))
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(B)/%.o: engine/%.c | build/deps.build
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CFLAGS_FILE_$(subst /,_,$*)) -MMD -MP -c -o $@ $<

# The table of word vectors is taken in by the assembler, which tells no dependencies.
$(B)/match/vectors.o: engine/match/vectors/glove-30k.bin

$(B)/assets.o: build/web/assets.S
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

# ---- The pages ----
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path 'web/deploy/*' -not -path 'web/pictures/*' 2>/dev/null)
build/web/assets.S: $(WEB_SOURCES) web/node_modules/.installed
	node web/build.mjs

web/node_modules/.installed: web/package-lock.json | build/deps.build
	cd web && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# ---- What a fresh Debian 12 lacks. Node.js may be any from 18 on; Debian's is taken when there is none. ----
BUILD_PACKAGES := gcc libc6-dev make pkg-config libmicrohttpd-dev libwebsockets-dev libwebsockets-evlib-ev libev-dev \
  libstemmer-dev libutf8proc-dev libsqlite3-dev libcjson-dev libcmark-dev libinih-dev libsodium-dev zlib1g-dev tzdata \
  $(if $(shell command -v node),,nodejs) $(if $(shell command -v npm),,npm)
TEST_PACKAGES := libcmocka-dev clang clang-tidy clang-format libclang-rt-14-dev cppcheck shellcheck chromium nginx-light \
  caddy openssl git systemd strace
define install
	@mkdir -p build
	@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "installing Debian packages:" $$missing; \
	  [ "$$(id -u)" = 0 ] || { echo "run as root, or: apt-get install" $$missing >&2; exit 1; }; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >build/apt.log \
	    || { tail -20 build/apt.log >&2; exit 1; }; \
	fi
	@touch $@
endef
build/deps.build: ; $(call install,$(BUILD_PACKAGES))
build/deps.test: build/deps.build ; $(call install,$(TEST_PACKAGES))
deps: build/deps.build build/deps.test ## install what building and testing need

# ---- Running ----
PORT ?= 8080
run: build/shopbell ## build and serve the sample shop on port 8080 (PORT=...)
	@mkdir -p data
	@exec build/shopbell serve --intents intents --data data --listen 127.0.0.1:$(PORT)

watch: ## rebuild and restart on every change of the code (topic files reload by themselves)
	@tests/watch.sh $(PORT)

# ---- Tests ----
UNIT := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
define unit_rules
$(B)/tests/test_$(1): tests/unit/test_$(1).c $(wildcard tests/unit/*.h) $(call archives,$(call sees,$(call module_of,$(1)))) | build/deps.test
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) -Itests/unit -MMD -MP -o $$@ $$< $(LDFLAGS) $(call link,$(call sees,$(call module_of,$(1)))) -lcmocka $(TEST_LIBS_$(1))
endef
-include tests/unit/tests.mk
$(foreach t,$(UNIT),$(eval $(call unit_rules,$(t))))
UNIT_PROGRAMS := $(UNIT:%=$(B)/tests/test_%)
unit-programs: $(UNIT_PROGRAMS)
unit: $(UNIT_PROGRAMS) ## the unit tests alone
	@tests/run.sh unit $(VARIANT)

THINKING := dialogue sentiment match corpus text base
$(B)/tests/golden_run: tests/golden/run.c $(call archives,$(THINKING))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,$(THINKING))
golden-programs: $(B)/tests/golden_run
golden: $(B)/tests/golden_run ## the conversations of tests/golden
	@tests/run.sh golden $(VARIANT)
golden-accept: $(B)/tests/golden_run ## rewrite their expectations (review the diff like code)
	$(B)/tests/golden_run --accept tests/golden

quick: unit golden ## unit and golden tests: seconds

FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZED := server wire store $(THINKING)
define fuzz_rules
build/fuzz/bin/fuzz_$(1): tests/fuzz/fuzz_$(1).c $(call archives,$(FUZZED))
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -MMD -MP -o $$@ $$< $(LDFLAGS) $(call link,$(FUZZED)) $(FUZZ_LIBS_$(1))
endef
$(if $(filter fuzz,$(VARIANT)),$(foreach f,$(FUZZ),$(eval $(call fuzz_rules,$(f)))))
fuzz-programs: $(FUZZ:%=build/fuzz/bin/fuzz_%)
fuzz: ## fuzz every reader of foreign bytes (FUZZ_RUNS=, FUZZ_SECONDS= each)
	@$(MAKE) VARIANT=fuzz fuzz-programs
	@tests/run.sh fuzz fuzz

WALKS ?= 1000000
walks: $(B)/tests/test_walk ## a million random walks through the dialogue (WALKS=...), some 15 minutes of one core
	$(B)/tests/test_walk $(WALKS)
fuzz-long: ## the same for long: 10,000,000 inputs each (RUNS=, READERS=), hours; goes on where it was ended
	@$(MAKE) VARIANT=fuzz fuzz-programs
	@tests/fuzz/long.sh $(or $(RUNS),10000000) $(READERS)

# The program with a clock that a test can set.
$(B)/tests/clocked: tests/clock/clock.c $(call archives,$(MODULES)) $(B)/assets.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call objects,app) $(B)/assets.o $(call link,$(filter-out app,$(MODULES)))
# The program with a disk that a test can stop.
$(B)/tests/gated: tests/vfs/gated.c tests/vfs/faulty_vfs.c tests/vfs/faulty_vfs.h $(call archives,$(MODULES)) $(B)/assets.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(call objects,app) $(B)/assets.o $(call link,$(filter-out app,$(MODULES)))
# The program to which every data file is a large one.
$(B)/tests/owing: tests/vfs/owing.c $(call archives,$(MODULES)) $(B)/assets.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call objects,app) $(B)/assets.o $(call link,$(filter-out app,$(MODULES)))
# The program that gives a request a fifth of a second.
$(B)/tests/hasty: tests/clock/hasty.c $(call archives,$(MODULES)) $(B)/assets.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(call objects,app) $(B)/assets.o $(call link,$(filter-out app,$(MODULES)))
server-programs: $(PROGRAM) $(B)/tests/clocked $(B)/tests/gated $(B)/tests/hasty $(B)/tests/owing
server-test: server-programs ## the real program over real sockets
	@tests/run.sh server $(VARIANT)
crash: build/shopbell ## kill the server 200 times under 50 visitors and 3 agents (KILLS=...): nothing lost, nothing twice
	node tests/crash/run.mjs $(or $(KILLS),200)
web-test: build/web/assets.S ## the pages' modules alone
	@tests/run.sh web
browser: build/shopbell ## both pages in a real browser; screenshots in build/screenshots
	@tests/run.sh browser
pictures: build/shopbell ## the README's pictures, made anew in web/pictures
	@node tests/browser/pictures.mjs
asan: ## unit, golden and server tests with AddressSanitizer and UndefinedBehaviorSanitizer
	@$(MAKE) VARIANT=asan unit golden server-test
tsan: ## server tests with ThreadSanitizer
	@$(MAKE) VARIANT=tsan server-test
cover: ## unit and golden tests with coverage, summed up a file
	@$(MAKE) VARIANT=cover unit golden
	@tests/coverage.sh build/cover

test: build/deps.test ## everything that CI runs; ends with `N passed, N failed`
	@tests/run.sh all

# ---- Static checks ----
SOURCES := $(wildcard engine/*/*.c engine/*/*.h tests/unit/*.c tests/unit/*.h tests/fuzz/*.c tests/golden/*.c tests/clock/*.c bench/*.c bench/*.h)
fmt: build/deps.test ## clang-format over all C
	clang-format -i $(SOURCES)
lint: build/deps.test web/node_modules/.installed ## formats, includes, headers, clang-tidy, cppcheck, shellcheck, tsc
	@tests/run.sh lint
print-table: # for lint: module, what it may see
	@$(foreach m,$(MODULES),echo "$(m) $(SEES_$(m))";)
print-cflags:
	@echo '$(CSTD) $(WARN)'
compile_commands.json: ## for editors
	@tests/compile-commands.sh '$(CSTD) $(WARN)' > $@

# ---- Benchmarks: each bench/NAME.mk adds its programs to BENCHES ----
-include $(wildcard bench/*.mk)
bench: build/shopbell $(BENCHES) ## match quality, latency, load: beside the last kept result
	@bench/run.sh

# ---- Installing ----
PREFIX ?= /usr/local
VERSION := $(shell sed -nE 's/^.define SHOPBELL_VERSION "(.*)"/\1/p' engine/app/command.h)
install: build/shopbell ## into DESTDIR/PREFIX, with the sample shop as a start
	install -D -m 755 build/shopbell $(DESTDIR)$(PREFIX)/bin/shopbell
	mkdir -p $(DESTDIR)$(PREFIX)/share/shopbell
	cp -r intents $(DESTDIR)$(PREFIX)/share/shopbell/
	install -D -m 644 web/deploy/shopbell.service $(DESTDIR)$(PREFIX)/lib/systemd/system/shopbell.service
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/shopbell/README.md
deb: build/shopbell ## a Debian package in build/
	@web/deploy/make-deb.sh $(VERSION)
dist: ## the sources as build/shopbell-VERSION.tar.gz
	@mkdir -p build
	git archive --prefix=shopbell-$(VERSION)/ -o build/shopbell-$(VERSION).tar.gz HEAD

clean: ## remove what was built
	rm -rf build
help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  %-22s %s\n", $$1, $$2 }' Makefile

.PHONY: all deps run watch unit walks unit-programs golden golden-programs golden-accept quick fuzz fuzz-long fuzz-programs server-programs server-test crash pictures web-test \
  browser asan tsan cover test fmt lint print-table print-cflags bench install deb dist clean help
-include $(shell find build -name '*.d' 2>/dev/null)
