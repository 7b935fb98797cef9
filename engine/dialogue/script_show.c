/* SPDX-License-Identifier: Apache-2.0 */
/* What came in a played script, as lines that could stand in its file. */
#include "base/buf.h"
#include "dialogue/script_internal.h"
#include "text/utf8.h"

enum { SHOWN_CHARACTERS = 70 };

struct str script_collapsed(struct arena *arena, const char *text)
{
	struct buf out = { 0 };
	bool is_gap = false;
	for (const char *c = text; *c; c++) {
		if (*c == ' ' || *c == '\n' || *c == '\t' || *c == '\r') {
			is_gap = out.len > 0;
			continue;
		}
		if (is_gap)
			buf_add_char(&out, ' ');
		is_gap = false;
		buf_add_char(&out, *c);
	}
	struct str result = str_of(arena_strdup(arena, buf_str(&out)));
	buf_clear(&out);
	return result;
}

static struct str shortened(struct str text)
{
	size_t at = 0;
	for (size_t characters = 0; at < text.len && characters < SHOWN_CHARACTERS; characters++)
		utf8_next(text, &at);
	return str_part(text, 0, at);
}

bool script_is_bot(const struct came *came)
{
	return came->event->from == AUTHOR_BOT && came->event->kind == EVENT_MESSAGE;
}

enum band script_band_of(const struct came *came)
{
	if (*came->event->intent)
		return BAND_SURE;
	return came->action == ACTION_CLARIFY ? BAND_UNSURE : came->action == ACTION_MISS ? BAND_NONE : BAND_ANY;
}

const char *script_intent_of(const struct came *came)
{
	bool is_question = came->action == ACTION_CLARIFY && came->event->option_count;
	return is_question ? came->event->options[0].id : came->event->intent;
}

const char *script_line_of(const struct player *player, const struct came *came)
{
	struct str text = str_trim(shortened(script_collapsed(player->arena, came->event->text)));
	if (!script_is_bot(came))
		return arena_printf(player->arena, "system> %.*s", STR_ARG(text));
	switch (script_band_of(came)) {
	case BAND_SURE: return arena_printf(player->arena, "bot %s sure> %.*s", script_intent_of(came), STR_ARG(text));
	case BAND_UNSURE:
		return arena_printf(player->arena, "bot %s unsure> %.*s", script_intent_of(came), STR_ARG(text));
	case BAND_NONE: return arena_printf(player->arena, "bot none> %.*s", STR_ARG(text));
	case BAND_ANY: break;
	}
	return arena_printf(player->arena, "bot> %.*s", STR_ARG(text));
}

const char *script_all_that_came(const struct player *player)
{
	const char *all = "";
	for (size_t i = 0; i < player->came.count; i++)
		all = arena_printf(player->arena, "%s%s%s", all, i ? " / " : "",
				   script_line_of(player, &player->came.items[i]));
	return *all ? all : "nothing";
}

const char *script_owner_line(const struct player *player)
{
	switch (conversation_owner(player->state)) {
	case OWNER_BOT: return "= owner bot";
	case OWNER_QUEUE: return "= waiting for agent";
	case OWNER_NOBODY: return "= nobody";
	case OWNER_AGENT: break;
	}
	return arena_printf(player->arena, "= agent %s", player->names[conversation_agent(player->state) - 1]);
}

const char *script_handover_line(const struct player *player)
{
	if (player->handover == REASON_NONE)
		return "= no handover";
	return arena_printf(player->arena, "= handover %s", reason_name(player->handover));
}
