/* SPDX-License-Identifier: Apache-2.0 */
#include "app/persons.h"

#include "app/arguments.h"
#include "app/command.h"
#include "base/count.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Conversations looked through for an e-mail address: more than one data file will hold. */
enum { ROWS_MAX = 1000 * 1000 };

struct found {
	int64_t *items;
	size_t count, capacity;
};

/* The row has one address: the last that was given, or what the shop signed. Others stand in the events. Nobody who has none
 * there gave one. -1 with err. */
static int has_given(struct store *store, const struct conversation_row *row, struct str email, bool *out,
		     struct error *err)
{
	struct arena arena = { 0 };
	struct event *events;
	size_t count = 0;
	int status = 0;
	*out = *row->visitor_email && str_equal_nocase(str_of(row->visitor_email), email);
	if (!*out && (*row->visitor_email || *row->subject))
		status = store_load_events(store, &arena, row->id, 0, &events, &count, err);
	for (size_t i = 0; !status && !*out && i < count; i++)
		*out = events[i].kind == EVENT_CONTACT && str_equal_nocase(str_of(events[i].contact_email), email);
	arena_clear(&arena);
	return status;
}

static int find_one(struct store *store, int64_t conversation, struct found *found, struct error *err)
{
	struct arena arena = { 0 };
	struct conversation_row row;
	int status = store_load_row(store, &arena, conversation, &row, err);
	if (!status)
		vec_push(found, conversation);
	arena_clear(&arena);
	return status < 0 ? -1 : 0;
}

static int find_in_list(struct store *store, const struct person_query *query, struct found *found, struct error *err)
{
	struct arena arena = { 0 };
	struct list_query list = { .list = query->subject ? LIST_OF_SUBJECT : LIST_ALL,
				   .subject = query->subject ? query->subject : "",
				   .limit = ROWS_MAX };
	struct conversation_row *rows;
	size_t count = 0;
	int status = store_list(store, &arena, &list, &rows, &count, err);
	for (size_t i = 0; !status && i < count; i++) {
		bool is_theirs = true;
		if (query->email)
			status = has_given(store, &rows[i], str_of(query->email), &is_theirs, err);
		if (!status && is_theirs)
			vec_push(found, rows[i].id);
	}
	arena_clear(&arena);
	return status;
}

int persons_arguments(int argc, char **argv, const char **data, struct person_query *out)
{
	const char *conversation = NULL;
	const struct option_spec specs[] = { { "--data", data, NULL },
					     { "--conversation", &conversation, NULL },
					     { "--email", &out->email, NULL },
					     { "--subject", &out->subject, NULL } };
	struct operands none;
	unsigned long long number = 0;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	if ((conversation != NULL) + (out->email != NULL) + (out->subject != NULL) != 1) {
		fprintf(stderr, "shopbell %s: say whose: one of --conversation, --email, --subject\n", argv[0]);
		return EXIT_USAGE;
	}
	if (conversation && (!str_number(str_of(conversation), INT64_MAX, &number) || !number)) {
		fprintf(stderr, "shopbell %s: \"%s\" is no number of a conversation\n", argv[0], conversation);
		return EXIT_USAGE;
	}
	out->conversation = (int64_t)number;
	return 0;
}

int persons_find(struct store *store, struct arena *arena, const struct person_query *query, int64_t **out,
		 size_t *out_count, struct error *err)
{
	struct found found = { 0 };
	int status = query->conversation ? find_one(store, query->conversation, &found, err)
					 : find_in_list(store, query, &found, err);
	if (status) {
		vec_clear(&found);
		return -1;
	}
	*out_count = found.count;
	*out = arena_alloc(arena, found.count * sizeof **out);
	if (found.count)
		memcpy(*out, found.items, found.count * sizeof **out);
	vec_clear(&found);
	if (*out_count)
		return 0;
	return error_set(err, ERROR_MISSING,
			 query->conversation ? "there is no such conversation"
					     : "there is no conversation of this person");
}
