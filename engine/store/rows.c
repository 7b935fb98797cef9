/* SPDX-License-Identifier: Apache-2.0 */
/* Rows and events to and from the columns of the file. */
#include "store/internal.h"

#include <string.h>

int row_bind(sqlite3_stmt *query, int first, const struct conversation_row *row)
{
	int at = first;
	sqlite3_bind_int(query, at++, (int)row->owner);
	sqlite3_bind_int64(query, at++, row->agent);
	bind_text(query, at++, row->agent_name);
	sqlite3_bind_int(query, at++, row->episode);
	sqlite3_bind_int(query, at++, row->is_closed);
	sqlite3_bind_int(query, at++, (int)row->reason);
	sqlite3_bind_int(query, at++, row->priority);
	sqlite3_bind_int64(query, at++, row->created_ms);
	sqlite3_bind_int64(query, at++, row->waiting_since_ms);
	bind_text(query, at++, row->visitor_name);
	bind_text(query, at++, row->visitor_email);
	bind_text(query, at++, row->subject);
	bind_text(query, at++, row->profile);
	sqlite3_bind_int64(query, at++, row->ticket_ms);
	sqlite3_bind_int(query, at++, row->handover_right);
	bind_text(query, at++, row->tags);
	sqlite3_bind_int64(query, at++, row->updated_ms / CHANGE_MS);
	return at;
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
	row.owner = (enum owner)sqlite3_column_int(query, at++);
	row.agent = sqlite3_column_int64(query, at++);
	row.agent_name = column_text(arena, query, at++);
	row.episode = sqlite3_column_int(query, at++);
	row.is_closed = sqlite3_column_int(query, at++) != 0;
	row.reason = (enum reason)sqlite3_column_int(query, at++);
	row.priority = sqlite3_column_int(query, at++);
	row.created_ms = sqlite3_column_int64(query, at++);
	row.waiting_since_ms = sqlite3_column_int64(query, at++);
	row.visitor_name = column_text(arena, query, at++);
	row.visitor_email = column_text(arena, query, at++);
	row.subject = column_text(arena, query, at++);
	row.profile = column_text(arena, query, at++);
	row.ticket_ms = sqlite3_column_int64(query, at++);
	row.handover_right = sqlite3_column_int(query, at++);
	row.tags = column_text(arena, query, at++);
	row.seq = sqlite3_column_int64(query, at++);
	row.updated_ms = sqlite3_column_int64(query, at++);
	struct str rest = { sqlite3_column_blob(query, at), (size_t)sqlite3_column_bytes(query, at) };
	if (!rest.ptr || !head_unpack(arena, rest, &row) || row.owner < OWNER_BOT || row.owner > OWNER_NOBODY ||
	    row.seq < 0 || row.episode < 0 || (unsigned)row.reason > REASON_SEGMENT)
		return store_nonsense("conversation", row.id, err);
	*out = row;
	return 0;
}

/* ---- Events ---- */

/* Nothing is said by NULL, which costs no byte. */
static void bind_said(sqlite3_stmt *query, int parameter, const char *text)
{
	if (text && *text)
		sqlite3_bind_text(query, parameter, text, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(query, parameter);
}

void event_bind(sqlite3_stmt *query, int64_t id, int64_t conversation, const struct event *event, struct str rest)
{
	sqlite3_bind_int64(query, 1, id);
	sqlite3_bind_int64(query, 2, conversation);
	sqlite3_bind_int64(query, 3, event->seq);
	sqlite3_bind_int64(query, 4, event->at_ms);
	sqlite3_bind_int64(query, 5, event->kind);
	sqlite3_bind_int64(query, 6, event->from);
	bind_said(query, 7, event->text);
	bind_said(query, 8, event->language);
	sqlite3_bind_blob64(query, 11, rest.ptr, rest.len, SQLITE_STATIC);
}

int events_read(struct arena *arena, sqlite3_stmt *query, int first, struct event_vec *found, struct error *err)
{
	int at = first;
	struct event own = { .id = sqlite3_column_int64(query, at++) };
	int64_t conversation = sqlite3_column_int64(query, at++);
	own.seq = sqlite3_column_int64(query, at++);
	own.at_ms = sqlite3_column_int64(query, at++);
	own.kind = (enum event_kind)sqlite3_column_int(query, at++);
	own.from = (enum author)sqlite3_column_int(query, at++);
	own.text = column_text(arena, query, at++);
	own.language = column_text(arena, query, at++);
	struct str rest = { sqlite3_column_blob(query, at), (size_t)sqlite3_column_bytes(query, at) };
	if (!rest.ptr || !events_unpack(arena, rest, &own, conversation, found))
		return store_nonsense("line", own.id, err);
	return 0;
}

/* ---- Buttons, as they were kept up to layout 6 ---- */

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
