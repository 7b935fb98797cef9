/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/tables.h"

#include <stddef.h>

/* Puts a file, named as an include is, into the program, with a NUL behind it. The assembler does it in an instant;
 * the same as an array in C would have to be made, and compiled, first. */
#define TABLE(symbol, file)                        \
	__asm__(".section .rodata\n"               \
		".global shopbell_" #symbol "\n"   \
		"shopbell_" #symbol ":\n"          \
		".incbin \"sentiment/" file "\"\n" \
		".byte 0\n"                        \
		".text\n");                        \
	extern const char shopbell_##symbol[]

TABLE(valence_en, "lexicon/valence.tsv");
TABLE(cues_common, "cues/common.cues");
TABLE(cues_en, "cues/en.cues");
TABLE(cues_de, "cues/de.cues");
TABLE(cues_fr, "cues/fr.cues");
TABLE(cues_es, "cues/es.cues");

const struct mood_table MOOD_TABLES[] = {
	{ NULL, "common.cues", shopbell_cues_common, NULL }, { "en", "en.cues", shopbell_cues_en, shopbell_valence_en },
	{ "de", "de.cues", shopbell_cues_de, NULL },         { "fr", "fr.cues", shopbell_cues_fr, NULL },
	{ "es", "es.cues", shopbell_cues_es, NULL },         { NULL, NULL, NULL, NULL },
};
