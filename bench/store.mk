# What durable writes cost: build/bench/store [SECONDS]
BENCHES += build/bench/store
build/bench/store: bench/store.c $(call archives,$(call sees,store))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,$(call sees,store))
