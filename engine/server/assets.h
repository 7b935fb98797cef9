/* SPDX-License-Identifier: Apache-2.0 */
/* The pages and scripts that are built into the program (made by web/build.mjs). */
#ifndef SHOPBELL_SERVER_ASSETS_H
#define SHOPBELL_SERVER_ASSETS_H

#include "base/str.h"

#include <stdint.h>

/* As the build writes it. */
struct asset {
	const char *path, *type, *etag;
	const unsigned char *raw;
	uint64_t raw_size;
	const unsigned char *gzip;
	uint64_t gzip_size;
};

/* The file at `path`, or NULL; a program built without pages has none. */
const struct asset *asset_find(struct str path);

#endif
