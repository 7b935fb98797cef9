/* SPDX-License-Identifier: Apache-2.0 */
/* A script as the reader makes it and the player plays it. */
#ifndef SHOPBELL_DIALOGUE_SCRIPT_INTERNAL_H
#define SHOPBELL_DIALOGUE_SCRIPT_INTERNAL_H

#include "dialogue/event.h"
#include "dialogue/script.h"

#include <stdbool.h>

enum { SCRIPT_AGENTS_MAX = 8 };

enum script_kind {
	/* Done. */
	SCRIPT_CLOCK,
	SCRIPT_SAYS,
	SCRIPT_PRESSES,
	SCRIPT_RATES,
	SCRIPT_EMAIL,
	SCRIPT_VISITOR_CLOSES,
	SCRIPT_SURVEYS,
	SCRIPT_HAS,
	SCRIPT_AT,
	SCRIPT_VISITS,
	SCRIPT_AGENT_SAYS,
	SCRIPT_AGENT_NOTES,
	SCRIPT_CLAIMS,
	SCRIPT_RETURNS,
	SCRIPT_AGENT_CLOSES,
	SCRIPT_LEAVES,
	SCRIPT_PASSES,
	/* Expected. */
	SCRIPT_BOT,
	SCRIPT_SYSTEM,
	SCRIPT_OWNER,
	SCRIPT_CLOSED,
	SCRIPT_HANDOVER,
	SCRIPT_NO_HANDOVER,
};

enum band { BAND_ANY, BAND_SURE, BAND_UNSURE, BAND_NONE };

struct script_clock {
	int weekday; /* 0 Monday; -1: a date */
	int year, month, day;
	int minute;
	struct str online[SCRIPT_AGENTS_MAX], away[SCRIPT_AGENTS_MAX];
	size_t online_count, away_count;
	bool has_agents; /* the lists were given: otherwise who was there stays */
	int queue;       /* others that wait; -1: as before */
};

struct script_line {
	enum script_kind kind;
	uint32_t number;
	struct str source;
	struct str name; /* agent, intent, attribute */
	struct str text; /* said, pressed, prefix, value */
	int value;       /* helpful, csat, visits */
	enum band band;
	enum owner owner;
	enum reason reason;
	struct script_clock clock;
};

struct script {
	const char *file;
	struct script_line *lines;
	size_t count;
};

#endif
