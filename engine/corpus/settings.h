/* SPDX-License-Identifier: Apache-2.0 */
/* shop.ini: what the owner sets. A plain value; texts live in the corpus' arena. */
#ifndef SHOPBELL_CORPUS_SETTINGS_H
#define SHOPBELL_CORPUS_SETTINGS_H

#include "base/arena.h"
#include "base/str.h"
#include "corpus/diagnostics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DAY_RANGES_MAX = 4, LANGUAGES_MAX = 16 };

/* Opening times of one day in minutes after midnight of the shop's time zone, ascending, not overlapping. */
struct opening {
	uint16_t from, to; /* from < to <= 1440 */
};
struct day_hours {
	struct opening ranges[DAY_RANGES_MAX];
	uint8_t count; /* 0: closed */
};

struct holiday {
	int16_t year; /* 0: every year */
	uint8_t month, day;
	struct day_hours hours; /* count 0: closed */
	const char *name;
};

struct localized { /* a text per language; the one without a language first, under the shop's language */
	struct {
		const char *language;
		const char *text;
	} items[LANGUAGES_MAX];
	size_t count;
};

enum segment_route { SEGMENT_ROUTE_BOT, SEGMENT_ROUTE_PERSON };

/* From which mood on a visitor is handed over. */
enum upset_from { UPSET_FROM_USUAL, UPSET_FROM_ANNOYED, UPSET_FROM_UPSET, UPSET_FROM_FURIOUS };

struct condition {
	enum { CONDITION_ATTRIBUTE, CONDITION_PAGE, CONDITION_LANGUAGE, CONDITION_VISITS } kind;
	const char *name;  /* attribute name, else "" */
	const char *value; /* exact value; for pages a prefix of the path; for visits the least number */
};

struct segment {
	const char *name;
	const struct condition *conditions; /* all must hold */
	size_t condition_count;
	enum segment_route route;
	int priority; /* higher is served first; 0 usual */
	/* Thresholds of its own; 0 (UPSET_FROM_USUAL): as for all. */
	double wrong_share;
	int misses;
	enum upset_from upset_from;
};

/* What a visitor is asked at the end. */
enum { SURVEY_CSAT = 1 << 0, SURVEY_CES = 1 << 1, SURVEY_NPS = 1 << 2 };

struct nudge {
	const char *name;
	const char *page; /* prefix of the path */
	int64_t after_ms;
	const char *text;
	bool is_enabled;
};

struct settings {
	/* [shop] */
	const char *name, *language, *time_zone, *url, *email; /* language canonical; "" when not set */
	struct localized greeting;
	const char **suggestions; /* intent ids */
	size_t suggestion_count;
	/* [promise] */
	double wrong_share; /* 0.05: of the answers given at most so many may be wrong */
	int64_t answer_within_ms;
	/* [hours], [holidays] */
	bool has_hours;           /* false: always open */
	struct day_hours week[7]; /* Monday first */
	const struct holiday *holidays;
	size_t holiday_count;
	/* [handover] */
	int misses;      /* so many misses in an episode hand over */
	int queue_limit; /* above it the bot says so and keeps helping; 0: no limit */
	int64_t claim_timeout_ms, give_up_ms, agent_grace_ms, reopen_ms, visitor_away_ms;
	int agent_capacity; /* conversations that an agent takes at once, unless the agent says otherwise */
	/* [survey] */
	unsigned survey; /* SURVEY_..., 0: nothing is asked */
	/* [site] */
	const char **origins; /* scheme://host[:port], lower case */
	size_t origin_count;
	const char *color, *position, *bot_name; /* "#1f5f4a", "left" or "right" */
	/* [limits] */
	int messages_per_minute, connections_per_address, message_length;
	int unsaved_megabytes; /* of all that waits for the disk */
	/* [privacy] */
	int retention_days;       /* 0: for ever */
	struct localized consent; /* the sentence beside the form for an address, in the language of the page */
	/* [segment NAME], [nudge NAME] */
	const struct segment *segments;
	size_t segment_count;
	const struct nudge *nudges;
	size_t nudge_count;
	/* [files] */
	bool tests_must_pass;
};

/* What holds without a shop.ini. Plain values, static texts. */
void settings_defaults(struct settings *settings);
/* Reads the text of a shop.ini over what `settings` holds; every problem goes to `problems` with `file` as its
 * name. Texts live in `arena`. */
void settings_read_in(struct arena *arena, const char *file, struct str text, struct settings *settings,
		      struct diagnostics *problems);
/* The text for `language`, else the one of the shop's language, else "". */
const char *localized_text(const struct localized *texts, const char *language);

#endif
