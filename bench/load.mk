# SPDX-License-Identifier: Apache-2.0
# Load on the running program: build/bench/load [IDLE [RATE [SECONDS [VISITORS]]]]
BENCHES += build/bench/load
build/bench/load: bench/load.c bench/crowd.c bench/process.c bench/crowd.h bench/process.h $(call archives,base) $(PROGRAM)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Ibench -o $@ $(filter %.c,$^) $(LDFLAGS) $(call link,base)
# The same for long: build/bench/soak [SECONDS [VISITORS [RATE]]]
BENCHES += build/bench/soak
build/bench/soak: bench/soak.c bench/crowd.c bench/process.c bench/crowd.h bench/process.h $(call archives,base) $(PROGRAM)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Ibench -o $@ $(filter %.c,$^) $(LDFLAGS) $(call link,base)
soak: build/shopbell build/bench/soak ## 50,000 visitors and 2,000 messages a second for an hour: nothing lost, memory flat (MINUTES=, VISITORS=, RATE=)
	build/bench/soak $$(($(or $(MINUTES),60) * 60)) $(or $(VISITORS),50000) $(or $(RATE),2000)
.PHONY: soak
# What visitors notice while a large corpus is learnt: build/bench/reload [RATE [SECONDS [VISITORS]]]
BENCHES += build/bench/reload
build/bench/reload: bench/reload.c bench/crowd.c bench/process.c bench/crowd.h bench/process.h $(call archives,base) $(PROGRAM)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -Ibench -o $@ $(filter %.c,$^) $(LDFLAGS) $(call link,base)
