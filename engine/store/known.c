/* SPDX-License-Identifier: Apache-2.0 */
/* What this store wrote last of each conversation, so that the next commit need not read it again. Good for as long as
 * nobody else has written: every transaction asks the file first. */
#include "base/count.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/internal.h"

#include <string.h>

/* A conversation has one place, by its number; numbers follow each other, so that recent ones do not share places. */
enum { PLACES = 8192 };

struct known {
	int64_t data_version; /* of the file when it was last asked; -1: nothing is known */
	int64_t next_event;
	struct known_row rows[PLACES];
};

void known_forget(struct store *store)
{
	if (store->known)
		store->known->data_version = -1;
	store->last_day = -1;
}

static int read_number(struct store *store, enum statement which, int64_t *out, struct error *err)
{
	sqlite3_stmt *query = store_statement(store, which, err);
	int found = query ? store_find_id(store, query, out, err) : -1;
	return found == 1 ? store_nonsense("table without its row", 1, err) : found;
}

int known_begin(struct store *store, struct error *err)
{
	int64_t version, last;
	if (!store->known) {
		store->known = mem_zalloc(1, sizeof *store->known);
		store->known->data_version = -1;
	}
	if (read_number(store, SQL_DATA_VERSION, &version, err) != 0)
		return -1;
	if (version == store->known->data_version)
		return 0;
	/* Pages as somebody else has to clear them may come into our memory from now on: what we write of them is to be cleared
	 * too, and whatever is left when the other one is ended. */
	if (scrub_load(store, err) != 0 || read_number(store, SQL_LAST_EVENT, &last, err) != 0)
		return -1;
	memset(store->known->rows, 0, sizeof store->known->rows);
	store->known->next_event = last + 1;
	store->known->data_version = version;
	store->last_day = -1;
	return 0;
}

int64_t known_take_numbers(struct store *store, size_t count)
{
	int64_t first = store->known->next_event;
	store->known->next_event += (int64_t)count;
	return first;
}

static struct known_row *place_of(struct store *store, int64_t conversation)
{
	return &store->known->rows[(uint64_t)conversation % PLACES];
}

const struct known_row *known_find(struct store *store, int64_t conversation)
{
	const struct known_row *row = place_of(store, conversation);
	return row->id == conversation ? row : NULL;
}

void known_put(struct store *store, const struct known_row *row)
{
	*place_of(store, row->id) = *row;
}

/* The step of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t hash)
{
	hash += 0x9e3779b97f4a7c15u;
	hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
	hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
	return hash ^ (hash >> 31);
}

uint64_t known_steady(const struct conversation_row *row)
{
	const int64_t numbers[] = { row->owner,
				    row->agent,
				    row->episode,
				    row->is_closed,
				    row->reason,
				    row->priority,
				    row->created_ms,
				    row->waiting_since_ms,
				    row->ticket_ms,
				    row->handover_right,
				    row->updated_ms / CHANGE_MS };
	const char *const texts[] = { row->agent_name, row->visitor_name, row->visitor_email,
				      row->subject,    row->profile,      row->tags };
	uint64_t hash = 0;
	for (size_t i = 0; i < COUNT(numbers); i++)
		hash = mix(hash ^ (uint64_t)numbers[i]);
	for (size_t i = 0; i < COUNT(texts); i++)
		hash = texts[i] && *texts[i] ? hash_bytes(texts[i], strlen(texts[i]), hash) : mix(hash);
	return hash;
}
