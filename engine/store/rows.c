/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and events to and from the columns of the file. */
#include "store/internal.h"

#include <string.h>

/* Bytes of the last message that a summary shows. */
enum { LAST_TEXT_MAX = 200 };

static int cut_length(const char *text)
{
	size_t len = strlen(text);
	if (len > LAST_TEXT_MAX)
		for (len = LAST_TEXT_MAX; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	return (int)len;
}

int row_bind(sqlite3_stmt *query, int first, const struct conversation_row *row)
{
	int at = first;
	const char *last_text = row->last_text ? row->last_text : "";
	sqlite3_bind_int64(query, at++, row->seq);
	sqlite3_bind_int(query, at++, (int)row->owner);
	sqlite3_bind_int64(query, at++, row->agent);
	bind_text(query, at++, row->agent_name);
	sqlite3_bind_int(query, at++, row->episode);
	sqlite3_bind_int(query, at++, row->is_closed);
	sqlite3_bind_int(query, at++, (int)row->reason);
	sqlite3_bind_int(query, at++, row->priority);
	sqlite3_bind_int64(query, at++, row->created_ms);
	sqlite3_bind_int64(query, at++, row->updated_ms);
	sqlite3_bind_int64(query, at++, row->waiting_since_ms);
	bind_real(query, at++, row->mood);
	sqlite3_bind_int(query, at++, row->trend);
	bind_text(query, at++, row->language);
	bind_text(query, at++, row->intent);
	sqlite3_bind_text(query, at++, last_text, cut_length(last_text), SQLITE_STATIC);
	sqlite3_bind_int(query, at++, (int)row->last_from);
	sqlite3_bind_int64(query, at++, row->last_at_ms);
	bind_text(query, at++, row->visitor_name);
	bind_text(query, at++, row->visitor_email);
	bind_text(query, at++, row->subject);
	bind_text(query, at++, row->profile);
	sqlite3_bind_int64(query, at++, row->ticket_ms);
	sqlite3_bind_int(query, at++, row->handover_right);
	bind_text(query, at++, row->tags);
	return at;
}

int row_bind_moved(sqlite3_stmt *query, const struct conversation_row *row)
{
	const char *last_text = row->last_text ? row->last_text : "";
	sqlite3_bind_int64(query, 1, row->seq);
	sqlite3_bind_int64(query, 2, row->updated_ms);
	bind_real(query, 3, row->mood);
	sqlite3_bind_int(query, 4, row->trend);
	bind_text(query, 5, row->language);
	bind_text(query, 6, row->intent);
	sqlite3_bind_text(query, 7, last_text, cut_length(last_text), SQLITE_STATIC);
	sqlite3_bind_int(query, 8, (int)row->last_from);
	sqlite3_bind_int64(query, 9, row->last_at_ms);
	return 10;
}

int store_nonsense(const char *what, int64_t id, struct error *err)
{
	return error_set(err, ERROR_INPUT,
			 "the data file holds a %s (%lld) that no version of Shopbell writes: it is damaged, put the "
			 "last backup "
			 "in its place",
			 what, (long long)id);
}

int row_read(struct arena *arena, sqlite3_stmt *query, struct conversation_row *out, struct error *err)
{
	int at = 0;
	struct conversation_row row = { .id = sqlite3_column_int64(query, at++) };
	row.seq = sqlite3_column_int64(query, at++);
	row.owner = (enum owner)sqlite3_column_int(query, at++);
	row.agent = sqlite3_column_int64(query, at++);
	row.agent_name = column_text(arena, query, at++);
	row.episode = sqlite3_column_int(query, at++);
	row.is_closed = sqlite3_column_int(query, at++) != 0;
	row.reason = (enum reason)sqlite3_column_int(query, at++);
	row.priority = sqlite3_column_int(query, at++);
	row.created_ms = sqlite3_column_int64(query, at++);
	row.updated_ms = sqlite3_column_int64(query, at++);
	row.waiting_since_ms = sqlite3_column_int64(query, at++);
	row.mood = sqlite3_column_double(query, at++);
	row.trend = sqlite3_column_int(query, at++);
	row.language = column_text(arena, query, at++);
	row.intent = column_text(arena, query, at++);
	row.last_text = column_text(arena, query, at++);
	row.last_from = (enum author)sqlite3_column_int(query, at++);
	row.last_at_ms = sqlite3_column_int64(query, at++);
	row.visitor_name = column_text(arena, query, at++);
	row.visitor_email = column_text(arena, query, at++);
	row.subject = column_text(arena, query, at++);
	row.profile = column_text(arena, query, at++);
	row.ticket_ms = sqlite3_column_int64(query, at++);
	row.handover_right = sqlite3_column_int(query, at++);
	row.tags = column_text(arena, query, at++);
	if (row.owner < OWNER_BOT || row.owner > OWNER_NOBODY || row.seq < 0 || (unsigned)row.reason > REASON_SEGMENT)
		return store_nonsense("conversation", row.id, err);
	*out = row;
	return 0;
}

/* ---- Events ---- */

/* Most of what an event could say it does not say: such columns stay NULL, and cost neither a call nor a byte. */
static void bind_said(sqlite3_stmt *query, int parameter, const char *text)
{
	if (text && *text)
		sqlite3_bind_text(query, parameter, text, -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *query, int parameter, int64_t number)
{
	if (number)
		sqlite3_bind_int64(query, parameter, number);
}

static void bind_measure(sqlite3_stmt *query, int parameter, double value)
{
	if (value < 0 || value > 0)
		sqlite3_bind_double(query, parameter, value);
}

static bool says_anything(const struct rating *rating)
{
	return rating->rates || rating->helpful >= 0 || rating->csat >= 0 || rating->ces >= 0 || rating->nps >= 0 ||
	       rating->handover_right >= 0 || rating->comment[0];
}

static void bind_rating(sqlite3_stmt *query, int at, const struct rating *rating)
{
	sqlite3_bind_int64(query, at++, rating->rates);
	sqlite3_bind_int(query, at++, rating->helpful);
	sqlite3_bind_int(query, at++, rating->csat);
	sqlite3_bind_int(query, at++, rating->ces);
	sqlite3_bind_int(query, at++, rating->nps);
	sqlite3_bind_int(query, at++, rating->handover_right);
	bind_said(query, at, rating->comment);
}

void event_bind(sqlite3_stmt *query, int64_t conversation, const struct event *event, struct buf *options)
{
	sqlite3_clear_bindings(query);
	sqlite3_bind_int64(query, 1, conversation);
	sqlite3_bind_int64(query, 2, event->seq);
	sqlite3_bind_int64(query, 3, event->at_ms);
	sqlite3_bind_int64(query, 4, event->kind);
	sqlite3_bind_int64(query, 5, event->from);
	bind_number(query, 6, event->agent);
	bind_said(query, 7, event->agent_name);
	bind_said(query, 8, event->client_id);
	bind_said(query, 9, event->text);
	bind_said(query, 10, event->html);
	if (event->option_count) {
		buf_reset(options);
		options_write(options, event->options, event->option_count);
		bind_said(query, 11, buf_text(options));
	}
	sqlite3_bind_int64(query, 12, event->owner);
	bind_number(query, 13, event->owner_agent);
	bind_number(query, 14, event->episode);
	bind_number(query, 15, event->reason);
	bind_number(query, 16, event->action);
	bind_said(query, 17, event->intent);
	bind_measure(query, 18, event->confidence);
	bind_measure(query, 19, event->polarity);
	bind_measure(query, 20, event->frustration);
	bind_said(query, 21, event->language);
	if (says_anything(&event->rating))
		bind_rating(query, 22, &event->rating);
	bind_said(query, 29, event->contact_name);
	bind_said(query, 30, event->contact_email);
	bind_said(query, 31, event->details);
	bind_said(query, 32, event->segment);
	bind_said(query, 33, event->variant);
}

/* A choice of a rating: -1 where nothing was said. */
static int column_choice(sqlite3_stmt *query, int column)
{
	return sqlite3_column_type(query, column) == SQLITE_NULL ? -1 : sqlite3_column_int(query, column);
}

static int read_rating(struct arena *arena, sqlite3_stmt *query, int at, struct rating *out)
{
	out->rates = sqlite3_column_int64(query, at++);
	out->helpful = column_choice(query, at++);
	out->csat = column_choice(query, at++);
	out->ces = column_choice(query, at++);
	out->nps = column_choice(query, at++);
	out->handover_right = column_choice(query, at++);
	out->comment = column_text(arena, query, at++);
	return at;
}

/* What others take for granted about an event that was stored. */
static bool is_sound(const struct event *event)
{
	return event->kind >= EVENT_MESSAGE && event->kind <= EVENT_TAGS && event->from >= AUTHOR_VISITOR &&
	       event->from <= AUTHOR_SYSTEM && event->owner >= OWNER_BOT && event->owner <= OWNER_NOBODY &&
	       (unsigned)event->reason <= REASON_SEGMENT && (unsigned)event->action <= ACTION_HANDOVER &&
	       event->seq >= 1;
}

int event_read(struct arena *arena, sqlite3_stmt *query, int first, struct event *out, struct error *err)
{
	int at = first;
	struct event event = { .id = sqlite3_column_int64(query, at) };
	at += 2; /* the conversation is known to the caller */
	event.seq = sqlite3_column_int64(query, at++);
	event.at_ms = sqlite3_column_int64(query, at++);
	event.kind = (enum event_kind)sqlite3_column_int(query, at++);
	event.from = (enum author)sqlite3_column_int(query, at++);
	event.agent = sqlite3_column_int64(query, at++);
	event.agent_name = column_text(arena, query, at++);
	event.client_id = column_text(arena, query, at++);
	event.text = column_text(arena, query, at++);
	event.html = column_text(arena, query, at++);
	event.options = options_read_in(arena, (const char *)sqlite3_column_text(query, at++), &event.option_count);
	event.owner = (enum owner)sqlite3_column_int(query, at++);
	event.owner_agent = sqlite3_column_int64(query, at++);
	event.episode = sqlite3_column_int(query, at++);
	event.reason = (enum reason)sqlite3_column_int(query, at++);
	event.action = (enum action)sqlite3_column_int(query, at++);
	event.intent = column_text(arena, query, at++);
	event.confidence = sqlite3_column_double(query, at++);
	event.polarity = sqlite3_column_double(query, at++);
	event.frustration = sqlite3_column_double(query, at++);
	event.language = column_text(arena, query, at++);
	at = read_rating(arena, query, at, &event.rating);
	event.contact_name = column_text(arena, query, at++);
	event.contact_email = column_text(arena, query, at++);
	event.details = column_text(arena, query, at++);
	event.segment = column_text(arena, query, at++);
	event.variant = column_text(arena, query, at);
	if (!is_sound(&event))
		return store_nonsense("line", event.id, err);
	*out = event;
	return 0;
}

/* ---- Buttons ---- */

static void write_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '\t': buf_add_text(out, "\\t"); break;
		case '\n': buf_add_text(out, "\\n"); break;
		case '\\': buf_add_text(out, "\\\\"); break;
		default: buf_add_char(out, *text);
		}
	}
}

void options_write(struct buf *out, const struct option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		write_escaped(out, options[i].id);
		buf_add_char(out, '\t');
		write_escaped(out, options[i].label);
		buf_add_char(out, '\n');
	}
}

static const char *read_escaped(struct arena *arena, struct str text)
{
	char *plain = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '\\' && i + 1 < text.len) {
			c = text.ptr[++i];
			c = c == 't' ? '\t' : c == 'n' ? '\n' : c;
		}
		plain[len++] = c;
	}
	plain[len] = '\0';
	return plain;
}

const struct option *options_read_in(struct arena *arena, const char *text, size_t *out_count)
{
	struct str rest = str_of(text), line, id;
	size_t count = 0;
	for (size_t i = 0; i < rest.len; i++)
		count += rest.ptr[i] == '\n';
	*out_count = count;
	if (!count)
		return NULL;
	struct option *options = arena_alloc(arena, count * sizeof *options);
	for (size_t i = 0; i < count && str_split(&rest, '\n', &line); i++) {
		options[i] = (struct option){ "", "" };
		if (str_split(&line, '\t', &id))
			options[i].id = read_escaped(arena, id);
		if (line.ptr)
			options[i].label = read_escaped(arena, line);
	}
	return options;
}
