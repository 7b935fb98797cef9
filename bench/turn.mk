# SPDX-License-Identifier: Apache-2.0
# One answered message without sockets: build/bench/turn [ROUNDS]; bench-profile counts its instructions by stage.
BENCHES += build/bench/turn
build/bench/turn: bench/turn.c $(call archives,wire store $(THINKING))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,wire store $(THINKING))

bench-profile: build/bench/turn ## instructions of one answered message by stage (callgrind)
	@bench/profile.sh
.PHONY: bench-profile
