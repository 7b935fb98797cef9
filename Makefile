# Shopbell. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := all
VARIANT ?= release
CC ?= gcc
B := build/$(VARIANT)

CSTD     := -std=c17 -D_GNU_SOURCE -Iengine
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
HARDEN   := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
CFLAGS_release := -O2 -g $(HARDEN)
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
CFLAGS_tsan    := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
CFLAGS_cover   := -O0 -g --coverage
LDFLAGS_release := -pie -Wl,-z,relro,-z,now
LDFLAGS_asan    := -fsanitize=address,undefined
LDFLAGS_tsan    := -fsanitize=thread
LDFLAGS_cover   := --coverage
CFLAGS  += $(CSTD) $(WARN) $(if $(WERROR),-Werror) $(CFLAGS_$(VARIANT)) -pthread
LDFLAGS += $(LDFLAGS_$(VARIANT)) -pthread

# Module order: each may use those before it that SEES names (the same table is checked by lint).
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
LIBS_text   := -lstemmer -lutf8proc
LIBS_corpus := -lcmark -linih
LIBS_match  := -lm
LIBS_sentiment := -lm
LIBS_store  := -lsqlite3
LIBS_wire   := -lcjson -lm
LIBS_server := -lmicrohttpd -lwebsockets -lev -lsodium
ALL_LIBS := $(sort $(foreach m,$(MODULES),$(LIBS_$(m))))

objects = $(patsubst engine/%.c,$(B)/%.o,$(wildcard engine/$(1)/*.c))
archive = $(B)/lib$(1).a
# The module that a unit test belongs to is the folder with a header of its part's name.
module_of = $(firstword $(foreach m,$(MODULES),$(if $(wildcard engine/$(m)/$(1).h),$(m))))

all: build/shopbell ## build the program and the pages

build/shopbell: $(foreach m,$(MODULES),$(call archive,$(m)))
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $(call objects,app) -Wl,--start-group $(foreach m,$(filter-out app,$(MODULES)),$(call archive,$(m))) -Wl,--end-group $(ALL_LIBS)

define module_rules
$(call archive,$(1)): $(call objects,$(1))
	@rm -f $$@
	@ar rcs $$@ $$^
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(B)/%.o: engine/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CFLAGS_FILE_$(subst /,_,$*)) -MMD -MP -c -o $@ $<

UNIT := $(patsubst tests/unit/test_%.c,%,$(wildcard tests/unit/test_*.c))
define unit_rules
$(B)/tests/test_$(1): tests/unit/test_$(1).c $(foreach m,$(call module_of,$(1)) $(SEES_$(call module_of,$(1))),$(call archive,$(m)))
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) -Itests/unit -MMD -MP -o $$@ $$< $(LDFLAGS) -Wl,--start-group $(foreach m,$(call module_of,$(1)) $(SEES_$(call module_of,$(1))),$(call archive,$(m))) -Wl,--end-group -lcmocka $(sort $(foreach m,$(call module_of,$(1)) $(SEES_$(call module_of,$(1))),$(LIBS_$(m))))
endef
$(foreach t,$(UNIT),$(eval $(call unit_rules,$(t))))

unit: $(foreach t,$(UNIT),$(B)/tests/test_$(t)) ## the unit tests alone
	@for t in $^; do $$t || exit 1; done

help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

clean: ## remove what was built
	rm -rf build

.PHONY: all unit help clean
-include $(shell find build -name '*.d' 2>/dev/null)
