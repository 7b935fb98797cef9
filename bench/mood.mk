# SPDX-License-Identifier: Apache-2.0
# The mood analyser: rates, agreement and time. Use: build/bench/mood DATA_FOLDER
BENCHES += build/bench/mood
build/bench/mood: bench/mood.c $(call archives,sentiment text base)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -o $@ $< $(LDFLAGS) $(call link,sentiment text base)
