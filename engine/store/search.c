/* SPDX-License-Identifier: Apache-2.0 */
/* Searching in what people wrote. */
#include "store/internal.h"
#include "text/utf8.h"

enum { SEARCH_WORDS_MAX = 16, SEARCH_BYTES_MAX = 1000, SNIPPET_WORDS = 24, SNIPPET_BEFORE = 8 };

/* ---- Keeping the index ---- */

int store_count_unindexed(struct store *store, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_COUNT_RECENT, err);
	if (!query)
		return -1;
	int step = sqlite3_step(query);
	store->unindexed = step == SQLITE_ROW ? (size_t)sqlite3_column_int64(query, 0) : 0;
	return store_end(store, query, step, err);
}

size_t store_unindexed(const struct store *store)
{
	return store->unindexed;
}

int store_index(struct store *store, struct error *err)
{
	if (store_begin(store, err) != 0)
		return -1;
	int result = store_run(store, SQL_INDEX_RECENT, err);
	if (result == 0)
		result = store_run(store, SQL_MARK_INDEXED, err);
	result = store_finish(store, result, err);
	if (result == 0)
		store->unindexed = 0;
	return result;
}

/* ---- The words that are looked for ---- */

/* The tokenizers of FTS5 are reached by a pointer that it gives out through a query. */
static fts5_api *find_api(struct store *store)
{
	sqlite3_stmt *query = NULL;
	fts5_api *api = NULL;
	if (sqlite3_prepare_v2(store->db, "SELECT fts5(?1)", -1, &query, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(query, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(query);
	}
	sqlite3_finalize(query);
	return api;
}

/* What a search needs: the tokenizer of the index itself, and the words as it cuts them. The index keeps no positions, so
 * that a word which it would cut in two could not be looked for. */
struct wanted {
	struct arena *arena;
	fts5_tokenizer kind;
	Fts5Tokenizer *tokenizer;
	struct str words[SEARCH_WORDS_MAX];
	size_t count;
};

static int add_word(void *context, int flags, const char *token, int len, int from, int to)
{
	struct wanted *wanted = context;
	(void)flags, (void)from, (void)to;
	if (wanted->count < SEARCH_WORDS_MAX)
		wanted->words[wanted->count++] =
			str_of(arena_strdup(wanted->arena, (struct str){ token, (size_t)len }));
	return SQLITE_OK;
}

static int wanted_open(struct wanted *wanted, struct store *store, struct arena *arena, struct str words,
		       struct error *err)
{
	static const char *options[] = { "remove_diacritics", "2" };
	fts5_api *api = find_api(store);
	void *context = NULL;
	*wanted = (struct wanted){ .arena = arena };
	if (!api || api->xFindTokenizer(api, "unicode61", &context, &wanted->kind) != SQLITE_OK ||
	    wanted->kind.xCreate(context, options, 2, &wanted->tokenizer) != SQLITE_OK) {
		error_set(err, ERROR_SYSTEM, "this SQLite cannot search (FTS5 is missing)");
		return -1; /* said plainly: the analyser does not look into error_set() */
	}
	if (wanted->kind.xTokenize(wanted->tokenizer, wanted, FTS5_TOKENIZE_QUERY, words.ptr, (int)words.len,
				   add_word) == SQLITE_OK)
		return 0;
	wanted->kind.xDelete(wanted->tokenizer);
	error_set(err, ERROR_SYSTEM, "the words could not be read");
	return -1;
}

/* Each word as the beginning of one; quoted, so that none is an operator. */
static void write_match(const struct wanted *wanted, struct buf *out)
{
	for (size_t i = 0; i < wanted->count; i++)
		buf_printf(out, "%s\"%.*s\"*", i ? " " : "", STR_ARG(wanted->words[i]));
}

/* ---- In one text ---- */

/* A text on its way through the tokenizer. The snippet begins some words before the first hit. */
struct seen {
	const struct wanted *wanted;
	unsigned found; /* a bit for each wanted word */
	size_t words;   /* so far */
	bool is_begun;
	int starts[SNIPPET_BEFORE]; /* of the last words, in a ring */
	size_t last_word;           /* of the snippet */
	int begin, end;             /* of the snippet, in bytes */
	bool has_more;              /* words behind it */
};

static int see_word(void *context, int flags, const char *token, int len, int from, int to)
{
	struct seen *seen = context;
	struct str word = { token, (size_t)len };
	unsigned before = seen->found;
	(void)flags;
	for (size_t i = 0; i < seen->wanted->count; i++)
		if (str_equal(str_part(word, 0, seen->wanted->words[i].len), seen->wanted->words[i]))
			seen->found |= 1u << i;
	seen->starts[seen->words % SNIPPET_BEFORE] = from;
	if (seen->found != before && !seen->is_begun) {
		size_t first = seen->words < SNIPPET_BEFORE ? 0 : seen->words + 1 - SNIPPET_BEFORE;
		seen->is_begun = true;
		seen->begin = first ? seen->starts[first % SNIPPET_BEFORE] : 0;
		seen->last_word = first + SNIPPET_WORDS - 1;
	}
	if (!seen->is_begun || seen->words <= seen->last_word)
		seen->end = to;
	else
		seen->has_more = true;
	seen->words++;
	return SQLITE_OK;
}

/* The part of `text` with the first hit, or NULL when not all words are in it. */
static const char *find_in(const struct wanted *wanted, const char *text, int len)
{
	struct seen seen = { .wanted = wanted };
	int status = wanted->kind.xTokenize(wanted->tokenizer, &seen, FTS5_TOKENIZE_DOCUMENT, text, len, see_word);
	if (status != SQLITE_OK || seen.found != (1u << wanted->count) - 1)
		return NULL;
	int end = seen.has_more ? seen.end : len;
	return arena_printf(wanted->arena, "%s%.*s%s", seen.begin ? "…" : "", end - seen.begin, text + seen.begin,
			    seen.has_more ? "…" : "");
}

/* ---- In all ---- */

struct hits {
	struct search_hit *items;
	int64_t *ids; /* of their conversations */
	size_t count, limit;
};

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Those that have a tag with the words in it. */
static int search_tags(struct store *store, struct str words, struct arena *arena, struct hits *hits, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SEARCH_TAGS, err);
	int step = SQLITE_DONE;
	if (!query)
		return -1;
	const char *part = arena_strdup(arena, str_trim(words));
	bind_text(query, 1, part);
	while (hits->count < hits->limit && (step = sqlite3_step(query)) == SQLITE_ROW) {
		hits->ids[hits->count] = sqlite3_column_int64(query, 0);
		hits->items[hits->count++].snippet = column_text(arena, query, 1);
	}
	return store_end(store, query, step, err);
}

/* Newer than the index. */
static int search_recent(struct store *store, const struct wanted *wanted, struct hits *hits, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SEARCH_RECENT, err);
	int step = SQLITE_DONE;
	if (!query)
		return -1;
	while (hits->count < hits->limit && (step = sqlite3_step(query)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(query, 0);
		const char *text = (const char *)sqlite3_column_text(query, 1), *snippet;
		if (is_among(hits->ids, hits->count, id) || !text)
			continue;
		if (!(snippet = find_in(wanted, text, sqlite3_column_bytes(query, 1))))
			continue;
		hits->ids[hits->count] = id;
		hits->items[hits->count++].snippet = snippet;
	}
	return store_end(store, query, step, err);
}

static int search_index(struct store *store, const struct wanted *wanted, struct hits *hits, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SEARCH, err);
	struct buf match = { 0 };
	int step = SQLITE_DONE;
	if (!query)
		return -1;
	write_match(wanted, &match);
	bind_text(query, 1, buf_text(&match));
	while (hits->count < hits->limit && (step = sqlite3_step(query)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(query, 0);
		if (is_among(hits->ids, hits->count, id))
			continue;
		hits->ids[hits->count] = id;
		hits->items[hits->count++].snippet = column_text(wanted->arena, query, 1);
	}
	int result = store_end(store, query, step, err);
	buf_clear(&match);
	return result;
}

/* Reads the rows of the conversations; leaves out those that are gone meanwhile. */
static int load_rows(struct store *store, struct arena *arena, struct hits *hits, struct error *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < hits->count; i++) {
		hits->items[kept].snippet = hits->items[i].snippet;
		int loaded = store_load_row(store, arena, hits->ids[i], &hits->items[kept].row, err);
		if (loaded < 0)
			return -1;
		kept += loaded == 0;
	}
	hits->count = kept;
	return 0;
}

/* The newest first: what is not in the index yet, then the index. Read in this order nothing is missed when it is
 * brought up to date between the two; a conversation counts once. */
int store_search(struct store *store, struct arena *arena, const char *words, size_t limit,
		 struct search_hit **out_hits, size_t *out_count, struct error *err)
{
	struct hits hits = { .limit = limit < STORE_HITS_MAX ? limit : STORE_HITS_MAX };
	struct wanted wanted;
	struct str text = utf8_repair_in(arena, str_part(str_of(words), 0, SEARCH_BYTES_MAX));
	hits.ids = arena_zalloc(arena, hits.limit, sizeof *hits.ids);
	hits.items = arena_zalloc(arena, hits.limit, sizeof *hits.items);
	if (wanted_open(&wanted, store, arena, text, err) != 0)
		return -1;
	int result = 0;
	if (wanted.count)
		result = search_tags(store, text, arena, &hits, err);
	if (result == 0 && wanted.count)
		result = search_recent(store, &wanted, &hits, err);
	if (result == 0 && wanted.count)
		result = search_index(store, &wanted, &hits, err);
	if (result == 0)
		result = load_rows(store, arena, &hits, err);
	wanted.kind.xDelete(wanted.tokenizer);
	if (result == 0) {
		*out_hits = hits.items;
		*out_count = hits.count;
	}
	return result;
}
