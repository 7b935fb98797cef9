/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a conversation, and a step under way through step_visitor.c, step_agent.c or step_timer.c. */
#ifndef SHOPBELL_DIALOGUE_STEP_INTERNAL_H
#define SHOPBELL_DIALOGUE_STEP_INTERNAL_H

#include "dialogue/conversation.h"
#include "dialogue/hours.h"
#include "dialogue/internal.h"
#include "dialogue/phrases.h"

/* ---- conversation.c: the state ---- */

struct shown_option {
	char *id, *label;
};

struct client_mark {
	uint64_t hash;
	int64_t seq;    /* 0: a free place */
	int64_t sender; /* an agent, 0: the visitor, -1: some agent (the event names another, or nobody) */
};

enum { OFFERED_KEPT = CLARIFY_MAX + 1 };

struct conversation {
	struct facts facts;
	char *owned[TEXT_COUNT]; /* behind facts.texts */
	/* Each stands at the place that its hash says, or the next free one behind it, around. */
	struct {
		struct client_mark *places;
		size_t count, capacity; /* a power of two, or 0 */
	} clients;
	struct {
		int64_t *items;
		size_t count, capacity;
	} bot_lines;
	struct {
		struct shown_option *items;
		size_t count, capacity;
	} shown;
	/* The buttons of the line that had some last, as places in `shown`. */
	uint16_t offered[OFFERED_KEPT];
	uint8_t offered_count;
};

/* The label of a button shown in it, or NULL. */
const char *conversation_option_label(const struct conversation *state, const char *id);
/* The id of a button, by its place in the line that had some last; NULL behind the last. */
const char *conversation_offered(const struct conversation *state, size_t place);
bool conversation_is_bot_line(const struct conversation *state, int64_t seq);

/* ---- conversation.c: a step ---- */

/* A step under way: events are written through it, and `facts` runs ahead of the state. */
struct step {
	const struct conversation *state;
	const struct input *input;
	const struct knowledge *knowledge;
	const struct settings *settings;
	struct mind *mind;
	const struct situation *situation;
	struct arena *arena;
	struct facts facts;
	struct opening_state hours;
	struct turn *turn;
};

/* A blank event of now, numbered on, with the owner as it is. */
struct event step_event(const struct step *step, enum event_kind kind, enum author from);
/* Appends a copy and folds it in. */
void step_add(struct step *step, const struct event *event);
/* A line of the system. */
struct event step_line(const struct step *step, enum event_kind kind, enum phrase phrase,
		       const struct phrase_values *values);
void step_refuse(struct step *step, enum refusal refusal);
/* Refuses a text (valid UTF-8) without a visible character or over the limit. */
bool step_takes_text(struct step *step, struct str text);
const char *step_copy(const struct step *step, const char *text);
bool step_is_reachable(const struct step *step);
/* "You are number 2 in line ..." */
const char *step_place(const struct step *step);
const char *step_language(const struct step *step);

/* step_visitor.c, step_agent.c, step_timer.c: each input has its function. */
void step_message(struct step *step);
void step_choose(struct step *step);
void step_person(struct step *step);
void step_rate(struct step *step);
void step_survey(struct step *step);
void step_contact(struct step *step);
void step_close(struct step *step);
void step_unanswerable(struct step *step);
void step_claim(struct step *step);
void step_agent_message(struct step *step);
void step_note(struct step *step);
void step_tag(struct step *step);
void step_transfer(struct step *step);
void step_return(struct step *step);
void step_agent_close(struct step *step);
void step_rate_handover(struct step *step);
void step_agent_gone(struct step *step);
void step_timer(struct step *step);

#endif
