/* SPDX-License-Identifier: Apache-2.0 */
/* Searching in what people wrote. */
#include "store/internal.h"
#include "text/utf8.h"

enum { SEARCH_WORDS_MAX = 16, SEARCH_BYTES_MAX = 1000 };

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

struct match {
	struct buf *out;
	size_t words;
};

/* Each word as the beginning of one; quoted, so that none is an operator. */
static int add_word(void *context, int flags, const char *token, int len, int from, int to)
{
	struct match *match = context;
	(void)flags;
	(void)from;
	(void)to;
	if (match->words < SEARCH_WORDS_MAX)
		buf_printf(match->out, "%s\"%.*s\"*", match->words ? " " : "", len, token);
	match->words++;
	return SQLITE_OK;
}

/* The words as a query for FTS5. They are cut by the tokenizer of the index itself: it keeps no positions, so that a
 * word which it would cut in two could not be looked for. */
static int write_match(struct store *store, struct buf *out, struct str words, struct error *err)
{
	static const char *options[] = { "remove_diacritics", "2" };
	fts5_api *api = find_api(store);
	fts5_tokenizer kind;
	Fts5Tokenizer *tokenizer = NULL;
	void *context = NULL;
	if (!api || api->xFindTokenizer(api, "unicode61", &context, &kind) != SQLITE_OK ||
	    kind.xCreate(context, options, 2, &tokenizer) != SQLITE_OK)
		return error_set(err, ERROR_SYSTEM, "this SQLite cannot search (FTS5 is missing)");
	struct match match = { out, 0 };
	int status = kind.xTokenize(tokenizer, &match, FTS5_TOKENIZE_QUERY, words.ptr, (int)words.len, add_word);
	kind.xDelete(tokenizer);
	return status == SQLITE_OK ? 0 : error_set(err, ERROR_SYSTEM, "the words could not be read");
}

static bool is_among(const int64_t *ids, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* The conversations of the newest messages that match, each once. */
static int read_hits(struct store *store, struct arena *arena, sqlite3_stmt *query, int64_t *ids,
		     struct search_hit *hits, size_t limit, size_t *out_count, struct error *err)
{
	size_t count = 0;
	int step = SQLITE_DONE;
	while (count < limit && (step = sqlite3_step(query)) == SQLITE_ROW) {
		int64_t id = sqlite3_column_int64(query, 0);
		if (is_among(ids, count, id))
			continue;
		ids[count] = id;
		hits[count++].snippet = column_text(arena, query, 1);
	}
	*out_count = count;
	return store_end(store, query, step, err);
}

int store_search(struct store *store, struct arena *arena, const char *words, size_t limit,
		 struct search_hit **out_hits, size_t *out_count, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, SQL_SEARCH, err);
	if (!query)
		return -1;
	if (limit > STORE_HITS_MAX)
		limit = STORE_HITS_MAX;
	int64_t *ids = arena_zalloc(arena, limit, sizeof *ids);
	struct search_hit *hits = arena_zalloc(arena, limit, sizeof *hits);
	struct buf match = { 0 };
	size_t found = 0, kept = 0;
	struct str text = utf8_repair_in(arena, str_part(str_of(words), 0, SEARCH_BYTES_MAX));
	int result = write_match(store, &match, text, err);
	if (result == 0 && match.len) {
		bind_text(query, 1, buf_text(&match));
		result = read_hits(store, arena, query, ids, hits, limit, &found, err);
	}
	buf_clear(&match);
	for (size_t i = 0; i < found && result == 0; i++) {
		hits[kept].snippet = hits[i].snippet;
		int loaded = store_load_row(store, arena, ids[i], &hits[kept].row, err);
		if (loaded < 0)
			result = -1;
		kept += loaded == 0;
	}
	if (result == 0) {
		*out_hits = hits;
		*out_count = kept;
	}
	return result;
}
