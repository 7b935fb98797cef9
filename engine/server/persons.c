/* SPDX-License-Identifier: Apache-2.0 */
/* What is stored about a visitor, for the owner: given out and erased. A visitor is named by a conversation; one whom the
 * shop vouches for may have several, and all of them are meant. An address that somebody only typed proves nothing. */
#include "server/request.h"
#include "server/summary.h"
#include "wire/wire.h"

enum { CONVERSATIONS_MAX = 100 * 1000 };

/* The rows of the visitor's conversations; false after an answer. */
static bool find(struct clerk *clerk, struct request *request, struct conversation_row **out, size_t *out_count)
{
	struct error err = { 0 };
	struct conversation_row *row = *out = arena_zalloc(&request->arena, 1, sizeof *row);
	struct list_query same = { .list = LIST_OF_SUBJECT, .limit = CONVERSATIONS_MAX };
	int status = store_load_row(clerk->store, &request->arena, request->number, row, &err);
	*out_count = 1;
	same.subject = row->subject;
	if (!status && *row->subject)
		status = store_list(clerk->store, &request->arena, &same, out, out_count, &err);
	if (status < 0)
		answer_failure(request, &err);
	else if (status)
		answer_error(request, 404, "not_found", "there is no such conversation");
	return !status;
}

/* In one state of the file: who is erased meanwhile is whole in the copy, or not in it at all. */
static void copy_out(struct clerk *clerk, struct request *request)
{
	struct conversation_row *rows;
	size_t count;
	struct error err = { 0 };
	if (!find(clerk, request, &rows, &count))
		return;
	struct wire_kept *kept = arena_zalloc(&request->arena, count, sizeof *kept);
	for (size_t i = 0; i < count; i++) {
		struct event *events;
		kept[i].summary = summary_of_row(&rows[i]);
		if (store_load_events(clerk->store, &request->arena, rows[i].id, 0, &events, &kept[i].event_count,
				      &err)) {
			answer_failure(request, &err);
			return;
		}
		kept[i].events = events;
	}
	request->status = 200;
	request->file_name = arena_printf(&request->arena, "visitor-%lld.json", (long long)request->number);
	wire_kept(&request->answer, kept, count);
}

void person_export(struct clerk *clerk, struct request *request)
{
	struct error err = { 0 };
	if (store_hold(clerk->store, &err)) {
		answer_failure(request, &err);
		return;
	}
	copy_out(clerk, request);
	store_let_go(clerk->store);
}

/* False after an answer. */
static bool erase(struct clerk *clerk, struct request *request, int64_t conversation)
{
	struct writing erasure = { .act = writing_erase, .number = conversation };
	struct error err = { 0 };
	if (writer_ask(clerk->options.writer, &erasure, &err)) {
		answer_failure(request, &err);
		return false;
	}
	hub_erased(clerk->options.hub, conversation);
	return true;
}

/* Messages of others are written in between. The conversation that was asked for goes last: should the disk fail on the
 * way, to ask again finds the rest by it. */
void person_erase(struct clerk *clerk, struct request *request)
{
	struct conversation_row *rows;
	size_t count;
	if (!find(clerk, request, &rows, &count))
		return;
	for (size_t i = 0; i < count; i++)
		if (rows[i].id != request->number && !erase(clerk, request, rows[i].id))
			return;
	if (erase(clerk, request, request->number))
		request->status = 204;
}
