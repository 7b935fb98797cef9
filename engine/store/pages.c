/* SPDX-License-Identifier: Apache-2.0 */
/* What a page of the file holds beside its rows. When rows move to a neighbour while they are alive, SQLite leaves their
 * bytes where they were, in space that counts as free. After https://sqlite.org/fileformat2.html#b_tree_pages:
 *
 *     header | where the cells are | free | cells, free blocks and pieces of up to three bytes, mixed up to the end
 *
 * A free block begins with two numbers, where the next one is and how long it is itself. */
#include "store/internal.h"

#include <string.h>

enum { INDEX_INNER = 2, TABLE_INNER = 5, INDEX_LEAF = 10, TABLE_LEAF = 13 };
enum { FILE_HEADER_BYTES = 100, CELL_MIN = 4, BLOCK_HEADER_BYTES = 4 };

struct page {
	const unsigned char *bytes;
	size_t usable;
	int kind;
};

static size_t number_at(const unsigned char *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Reads a number of one to nine bytes that begins at `*io_at`, which moves behind it; false: it does not end on the page. */
static bool read_varint(const struct page *page, size_t *io_at, uint64_t *out)
{
	uint64_t number = 0;
	for (int i = 0; i < 9; i++) {
		if (*io_at >= page->usable)
			return false;
		unsigned char byte = page->bytes[(*io_at)++];
		if (i == 8) {
			*out = number << 8 | byte;
			return true;
		}
		number = number << 7 | (byte & 0x7f);
		if (!(byte & 0x80))
			break;
	}
	*out = number;
	return true;
}

/* How many bytes of a row of so many are on the page itself, with the number of the page where the others begin. */
static size_t bytes_here(const struct page *page, uint64_t payload)
{
	size_t usable = page->usable, least = (usable - 12) * 32 / 255 - 23;
	size_t most = page->kind == TABLE_LEAF ? usable - 35 : (usable - 12) * 64 / 255 - 23;
	if (payload <= most)
		return (size_t)payload;
	size_t here = least + (size_t)((payload - least) % (usable - 4));
	return (here <= most ? here : least) + 4;
}

/* 0: it is not inside the page. */
static size_t cell_bytes(const struct page *page, size_t cell)
{
	size_t at = cell;
	uint64_t payload = 0, row;
	if (page->kind == INDEX_INNER || page->kind == TABLE_INNER)
		at += 4; /* the page below it */
	if (page->kind != TABLE_INNER && !read_varint(page, &at, &payload))
		return 0;
	if ((page->kind == TABLE_LEAF || page->kind == TABLE_INNER) && !read_varint(page, &at, &row))
		return 0;
	size_t end = at + (page->kind == TABLE_INNER ? 0 : bytes_here(page, payload));
	if (end < cell + CELL_MIN)
		end = cell + CELL_MIN;
	return end <= page->usable ? end - cell : 0;
}

/* Copies the heads of the free blocks; how many bytes these have in all, or SIZE_MAX when they are not as they should be. */
static size_t keep_free_blocks(const struct page *page, size_t first, size_t begin, unsigned char *out)
{
	size_t sum = 0, behind = begin;
	for (size_t at = first; at; at = number_at(page->bytes + at)) {
		if (at < behind || at + BLOCK_HEADER_BYTES > page->usable)
			return SIZE_MAX;
		size_t bytes = number_at(page->bytes + at + 2);
		behind = at + bytes;
		if (bytes < BLOCK_HEADER_BYTES || behind > page->usable)
			return SIZE_MAX;
		memcpy(out + at, page->bytes + at, BLOCK_HEADER_BYTES);
		sum += bytes;
	}
	return sum;
}

/* Copies what counts to `out`, which is zeros; false: this is no such page, or one that does not add up. */
static bool keep(const struct page *page, size_t head, unsigned char *out)
{
	const unsigned char *bytes = page->bytes;
	bool is_inner = page->kind == INDEX_INNER || page->kind == TABLE_INNER;
	size_t pointers = head + (is_inner ? 12 : 8), count = number_at(bytes + head + 3);
	size_t begin = number_at(bytes + head + 5), end_of_pointers = pointers + 2 * count, sum = 0;
	if (begin == 0)
		begin = 65536;
	if (end_of_pointers > begin || begin > page->usable)
		return false;
	memcpy(out, bytes, end_of_pointers);
	for (size_t i = 0; i < count; i++) {
		size_t cell = number_at(bytes + pointers + 2 * i);
		size_t len = cell >= begin && cell < page->usable ? cell_bytes(page, cell) : 0;
		if (!len)
			return false;
		memcpy(out + cell, bytes + cell, len);
		sum += len;
	}
	size_t free_bytes = keep_free_blocks(page, number_at(bytes + head + 1), begin, out);
	return free_bytes != SIZE_MAX && sum + free_bytes + bytes[head + 7] == page->usable - begin;
}

/* Pages of other kinds (the rest of long rows, lists of free pages) begin with the number of a page, which is below 2^25
 * in a file of less than 128 GiB; SQLite fills with zeros what they do not use. */
bool page_clear(unsigned char *bytes, size_t len, size_t usable, bool is_first)
{
	unsigned char kept[PAGE_BYTES_MAX];
	size_t head = is_first ? FILE_HEADER_BYTES : 0;
	struct page page = { .bytes = bytes, .usable = usable, .kind = bytes[head] };
	if (page.kind != INDEX_INNER && page.kind != TABLE_INNER && page.kind != INDEX_LEAF && page.kind != TABLE_LEAF)
		return false;
	memset(kept, 0, len);
	if (!keep(&page, head, kept))
		return false;
	memcpy(kept + usable, bytes + usable, len - usable);
	if (!memcmp(bytes, kept, len))
		return false;
	memcpy(bytes, kept, len);
	return true;
}
