# SPDX-License-Identifier: Apache-2.0
# The matcher: quality, load and query times. Use: build/bench/quality DATA_FOLDER
BENCHES += build/bench/quality
build/bench/quality: bench/quality.c $(call archives,$(call sees,match))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,$(call sees,match))

# The table of word vectors, which the assembler puts into the program; the compiler does not know of it.
$(B)/match/vectors.o: engine/match/vectors/glove-30k.bin
