/* SPDX-License-Identifier: Apache-2.0 */
#include "server/gzip.h"

#include "base/mem.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 9 };

void gzip_add(struct buf *out, struct str text)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)text.ptr, .avail_in = (uInt)text.len };
	int status =
		deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
	assert(status == Z_OK);
	uLong bound = deflateBound(&stream, (uLong)text.len);
	Bytef *packed = mem_alloc(bound);
	stream.next_out = packed;
	stream.avail_out = (uInt)bound;
	status = deflate(&stream, Z_FINISH);
	assert(status == Z_STREAM_END); /* the bound is large enough */
	(void)status;
	buf_add(out, packed, bound - stream.avail_out);
	deflateEnd(&stream);
	free(packed);
}
