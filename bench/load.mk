# SPDX-License-Identifier: Apache-2.0
# Load on the running program: build/bench/load [IDLE [RATE [SECONDS [VISITORS]]]]
BENCHES += build/bench/load
build/bench/load: bench/load.c $(call archives,base) $(PROGRAM)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,base)
