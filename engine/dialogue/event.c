/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/event.h"

#include "base/count.h"

struct event event_blank(void)
{
	return (struct event){
		.agent_name = "",
		.client_id = "",
		.text = "",
		.html = "",
		.intent = "",
		.language = "",
		.rating = { .helpful = -1, .csat = -1, .ces = -1, .nps = -1, .handover_right = -1, .comment = "" },
		.contact_name = "",
		.contact_email = "",
		.segment = "",
		.variant = "",
		.details = "",
	};
}

/* The numbers come from a data file, so any value may be asked for. */
static const char *name_in(const char *const *names, size_t count, unsigned number)
{
	return number < count && names[number] ? names[number] : "";
}

const char *event_kind_name(enum event_kind kind)
{
	static const char *const names[] = {
		[EVENT_MESSAGE] = "message", [EVENT_DECISION] = "decision", [EVENT_HANDOVER] = "handover",
		[EVENT_CLAIM] = "claim",     [EVENT_TRANSFER] = "transfer", [EVENT_RETURN] = "return",
		[EVENT_NOTE] = "note",       [EVENT_CONTACT] = "contact",   [EVENT_RATING] = "rating",
		[EVENT_NOTICE] = "notice",   [EVENT_CLOSE] = "close",       [EVENT_TAGS] = "tags",
	};
	return name_in(names, COUNT(names), (unsigned)kind);
}

const char *author_name(enum author author)
{
	static const char *const names[] = {
		[AUTHOR_VISITOR] = "visitor",
		[AUTHOR_BOT] = "bot",
		[AUTHOR_AGENT] = "agent",
		[AUTHOR_SYSTEM] = "system",
	};
	return name_in(names, COUNT(names), (unsigned)author);
}

const char *owner_name(enum owner owner)
{
	static const char *const names[] = {
		[OWNER_BOT] = "bot",
		[OWNER_QUEUE] = "queue",
		[OWNER_AGENT] = "agent",
		[OWNER_NOBODY] = "nobody",
	};
	return name_in(names, COUNT(names), (unsigned)owner);
}

const char *reason_name(enum reason reason)
{
	static const char *const names[] = {
		[REASON_NONE] = "",           [REASON_ASKED] = "asked",       [REASON_INTENT] = "intent",
		[REASON_UNSURE] = "unsure",   [REASON_REPEATED] = "repeated", [REASON_UPSET] = "upset",
		[REASON_COMPLEX] = "complex", [REASON_SEGMENT] = "segment",
	};
	return name_in(names, COUNT(names), (unsigned)reason);
}

const char *action_name(enum action action)
{
	static const char *const names[] = {
		[ACTION_QUIET] = "quiet", [ACTION_ANSWER] = "answer",     [ACTION_CLARIFY] = "clarify",
		[ACTION_MISS] = "miss",   [ACTION_HANDOVER] = "handover",
	};
	return name_in(names, COUNT(names), (unsigned)action);
}

bool event_is_public(enum event_kind kind)
{
	return *event_kind_name(kind) && kind != EVENT_DECISION && kind != EVENT_NOTE && kind != EVENT_TAGS;
}
