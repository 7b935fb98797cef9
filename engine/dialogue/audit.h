/* SPDX-License-Identifier: Apache-2.0 */
/* Is everybody served alike? Episodes put into groups (by language, by hour ...), the same five figures for each. Sums
 * only: which group an episode belongs to, the caller says. */
#ifndef SHOPBELL_DIALOGUE_AUDIT_H
#define SHOPBELL_DIALOGUE_AUDIT_H

#include "dialogue/episode.h"
#include "dialogue/sample.h"

#include <stdbool.h>
#include <stddef.h>

struct audit_group {
	char name[24];
	int64_t episodes;
	struct rate handover;  /* handed over, among episodes */
	struct rate refusal;   /* misses, among the bot's turns */
	struct rate satisfied; /* 4 and 5 of 5, among ratings */
	struct rate prompt;    /* an agent came within REPORT_TARGET_S, among those who waited for one that came */
	struct sample wait;    /* seconds until an agent came */
};

/* Zero is a valid empty audit. */
struct audit {
	struct {
		struct audit_group *items; /* in order of their names */
		size_t count, capacity;
	} groups;
};
void audit_clear(struct audit *audit);
/* Counts the episode in group `name` (cut to 23 bytes), which is made when it is new. Linear in the groups. */
void audit_add(struct audit *audit, const char *name, const struct episode *episode);

/* Whether a group's share differs from that of all others in the audit together: enough cases on both sides and
 * intervals (95 %) that do not touch, which is stricter than a test of the difference. `offset`: offsetof() one of the
 * rates. */
bool audit_differs(const struct audit *audit, const struct audit_group *group, size_t offset);

#endif
