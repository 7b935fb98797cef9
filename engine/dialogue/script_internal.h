/* SPDX-License-Identifier: Apache-2.0 */
/* A script as the reader makes it and the player plays it. */
#ifndef SHOPBELL_DIALOGUE_SCRIPT_INTERNAL_H
#define SHOPBELL_DIALOGUE_SCRIPT_INTERNAL_H

#include "dialogue/script.h"
#include "dialogue/step_internal.h"

#include <stdbool.h>

enum { SCRIPT_AGENTS_MAX = 8, NAMES_MAX = 64, ATTRIBUTES_MAX = 16 };

enum script_kind {
	/* Done. */
	SCRIPT_CLOCK,
	SCRIPT_SAYS,
	SCRIPT_PRESSES,
	SCRIPT_RATES,
	SCRIPT_EMAIL,
	SCRIPT_VISITOR_CLOSES,
	SCRIPT_BOT_FAILS,
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

/* A line of the bot or the system that came, with the decision before it. */
struct came {
	const struct event *event;
	enum action action;
};

struct player {
	const struct script *script;
	const struct knowledge *knowledge;
	struct mind *mind;
	struct arena *arena;
	struct conversation *state;
	int64_t now_ms;
	struct situation situation;
	const char *names[NAMES_MAX]; /* of agents; ids from 1 */
	size_t name_count;
	struct option attributes[ATTRIBUTES_MAX];
	size_t attribute_count;
	const char *page;
	int visits;
	struct {
		struct came *items;
		size_t count, capacity;
	} came; /* since the last line that did something */
	size_t cursor;
	enum reason handover; /* since the visitor's last line */
	struct {
		struct script_failure *items;
		size_t count, capacity;
	} failures;
	size_t checked;
};

/* script_show.c */
struct str script_collapsed(struct arena *arena, const char *text); /* runs of white space as one blank */
bool script_is_bot(const struct came *came);
enum band script_band_of(const struct came *came);
const char *script_intent_of(const struct came *came);
const char *script_line_of(const struct player *player, const struct came *came);
const char *script_all_that_came(const struct player *player);
const char *script_owner_line(const struct player *player);
const char *script_handover_line(const struct player *player);

#endif
