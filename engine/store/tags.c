/* SPDX-License-Identifier: Apache-2.0 */
/* Which tags are in use. */
#include "base/map.h"
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>

/* The most used first; of the same count, by name. */
static int compare_counts(const void *a, const void *b)
{
	const struct tag_count *left = a, *right = b;
	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return strcmp(left->tag, right->tag);
}

struct tag_list {
	struct tag_count *items; /* room for STORE_TAGS_MAX */
	size_t count;
	struct map places; /* of a tag without regard to case */
};

/* The tags of one conversation; of a new one beyond the limit nothing is known. */
static void count_tags(struct arena *arena, struct tag_list *list, struct str tags)
{
	struct str tag;
	while (tags.len && str_split(&tags, '\n', &tag)) {
		const char *name = arena_strdup(arena, tag), *folded = store_fold_name(arena, name);
		uint32_t at = map_get(&list->places, str_of(folded));
		if (at == MAP_NONE && list->count == STORE_TAGS_MAX)
			continue;
		if (at == MAP_NONE) {
			at = (uint32_t)list->count++;
			map_put(&list->places, str_of(folded), at);
			list->items[at].tag = name;
		}
		if (strcmp(name, list->items[at].tag) < 0)
			list->items[at].tag = name;
		list->items[at].count++;
	}
}

int store_list_tags(struct store *store, struct arena *arena, struct tag_count **out, size_t *out_count,
		    struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_LIST_TAGS, err);
	if (!query)
		return -1;
	struct tag_list list = { .items = arena_zalloc(arena, STORE_TAGS_MAX, sizeof *list.items) };
	int step;
	while ((step = sqlite3_step(query)) == SQLITE_ROW)
		count_tags(arena, &list, str_of((const char *)sqlite3_column_text(query, 0)));
	map_clear(&list.places);
	if (store_end(store, query, step, err) != 0)
		return -1;
	qsort(list.items, list.count, sizeof *list.items, compare_counts);
	*out = list.items;
	*out_count = list.count;
	return 0;
}
