# SPDX-License-Identifier: Apache-2.0
# The mood analyser: rates, agreement and time. Use: build/bench/mood DATA_FOLDER
BENCHES += build/bench/mood
build/bench/mood: bench/mood.c $(call archives,sentiment text base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,sentiment text base)

# Data that the assembler puts into the analyser; the compiler's dependency files do not know of it.
$(B)/sentiment/tables.o: $(wildcard engine/sentiment/cues/*.cues) engine/sentiment/lexicon/valence.tsv
