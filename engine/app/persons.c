/* SPDX-License-Identifier: Apache-2.0 */
#include "app/persons.h"

#include "app/arguments.h"
#include "base/count.h"
#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

/* Conversations looked through for an e-mail address: more than one data file will hold. */
enum { ROWS_MAX = 1000 * 1000 };

struct found {
	int64_t *items;
	size_t count, capacity;
};

static bool is_of(const struct conversation_row *row, const struct person_query *query)
{
	return !query->email || str_equal_nocase(str_of(row->visitor_email), str_of(query->email));
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
	for (size_t i = 0; !status && i < count; i++)
		if (is_of(&rows[i], query))
			vec_push(found, rows[i].id);
	arena_clear(&arena);
	return status;
}

int persons_arguments(int argc, char **argv, const char **data, struct person_query *out)
{
	const struct option_spec specs[] = { { "--data", data, NULL },
					     { "--conversation", &out->conversation, NULL },
					     { "--email", &out->email, NULL },
					     { "--subject", &out->subject, NULL } };
	struct operands none;
	return arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
}

int persons_find(struct store *store, struct arena *arena, const struct person_query *query, int64_t **out,
		 size_t *out_count, struct error *err)
{
	struct found found = { 0 };
	unsigned long long number;
	int given = (query->conversation != NULL) + (query->email != NULL) + (query->subject != NULL);
	if (given != 1)
		return error_set(err, ERROR_INPUT, "say whose: one of --conversation, --email, --subject");
	if (query->conversation) {
		if (!str_number(str_of(query->conversation), INT64_MAX, &number))
			return error_set(err, ERROR_INPUT, "\"%s\" is no number of a conversation",
					 query->conversation);
		vec_push(&found, (int64_t)number);
	} else if (find_in_list(store, query, &found, err)) {
		vec_clear(&found);
		return -1;
	}
	*out_count = found.count;
	*out = arena_alloc(arena, found.count * sizeof **out);
	if (found.count)
		memcpy(*out, found.items, found.count * sizeof **out);
	vec_clear(&found);
	return *out_count ? 0 : error_set(err, ERROR_MISSING, "there is no conversation of this person");
}
