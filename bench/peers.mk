# SPDX-License-Identifier: Apache-2.0
# The same work done by what users would take instead: npm packages (bench/peers/package.json), bare libwebsockets,
# SQLite's full-text search. Not part of `make bench`: it takes minutes and wants the npm registry once.
#   ROUNDS=5 SECONDS=3 IDLE=10000 DATA=../shared/data      settings of the runs
CLIENT_OBJECTS := $(B)/bench/peers/client.o $(B)/bench/peers/dialects.o
$(B)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

build/bench/client: $(CLIENT_OBJECTS) $(call archives,base)
	@mkdir -p $(@D)
	$(CC) -o $@ $(CLIENT_OBJECTS) $(LDFLAGS) $(call link,base)

build/bench/echo_lws: bench/peers/echo_lws.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) -lwebsockets
