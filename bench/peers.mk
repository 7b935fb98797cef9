# SPDX-License-Identifier: Apache-2.0
# The same work done by what users would take instead: npm packages (bench/peers/package.json), bare libwebsockets,
# SQLite's full-text search. Not part of `make bench`: it takes minutes and wants the npm registry once.
CLIENT_OBJECTS := $(B)/bench/peers/client.o $(B)/bench/peers/dialects.o $(B)/bench/process.o
$(B)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Ibench -MMD -MP -c -o $@ $<

build/bench/client: $(CLIENT_OBJECTS) $(call archives,base)
	@mkdir -p $(@D)
	$(CC) -o $@ $(CLIENT_OBJECTS) $(LDFLAGS) $(call link,base)

build/bench/echo_lws: bench/peers/echo_lws.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) -lwebsockets

build/bench/nearest: bench/peers/nearest.c $(call archives,text base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,text base) -lsqlite3 -lm

bench/peers/node_modules/.installed: bench/peers/package-lock.json | build/deps.build
	cd bench/peers && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# ROUNDS=5 (of quality 9) SECONDS=3 IDLE=10000 DATA=../shared/data; FULL=1 also the full training sets (nlp.js learns them for minutes)
# KEEP=1: what came out is kept in bench/results/.
keep = $(if $(KEEP),cp build/bench/$(1).txt bench/results/)
PEER_PROGRAMS := build/bench/client build/bench/echo_lws build/bench/nearest build/bench/store build/bench/mood
DATA ?= ../shared/data
bench-peers-server: $(PROGRAM) $(PEER_PROGRAMS) bench/peers/node_modules/.installed ## echo, answers, memory: beside ws, socket.io, libwebsockets, a Node bot
	@node bench/peers/server.mjs rounds=$(or $(ROUNDS),5) seconds=$(or $(SECONDS),3) idle=$(or $(IDLE),10000) data=$(DATA) \
	  out=build/bench/peers-server.txt
	@$(call keep,peers-server)
bench-peers-quality: $(PROGRAM) $(PEER_PROGRAMS) bench/peers/node_modules/.installed ## right answers: beside nlp.js, SQLite FTS5, nearest TF-IDF
	@node bench/peers/quality.mjs rounds=$(or $(ROUNDS),9) full=$(or $(FULL),0) data=$(DATA) out=build/bench/peers-quality.txt
	@$(call keep,peers-quality)
bench-peers-mood: $(PROGRAM) $(PEER_PROGRAMS) bench/peers/node_modules/.installed ## mood: beside vader-sentiment and sentiment
	@node bench/peers/mood.mjs data=$(DATA) out=build/bench/peers-mood.txt
	@$(call keep,peers-mood)
bench-peers-fanout: $(PROGRAM) build/bench/client bench/peers/node_modules/.installed ## one thing told to 1,000 visitors, beside the echo of the same server
	@node bench/peers/fanout.mjs rounds=$(or $(ROUNDS),5) seconds=$(or $(SECONDS),3) data=$(DATA) out=build/bench/peers-fanout.txt
	@$(call keep,peers-fanout)
bench-peers: bench-peers-mood bench-peers-quality bench-peers-server bench-peers-fanout ## all of it beside what users would take instead (some 20 minutes)
.PHONY: bench-peers bench-peers-fanout bench-peers-server bench-peers-quality bench-peers-mood
