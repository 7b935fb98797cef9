/* SPDX-License-Identifier: Apache-2.0 */
/* Compression of the one script that is only known when the settings are. */
#ifndef SHOPBELL_SERVER_GZIP_H
#define SHOPBELL_SERVER_GZIP_H

#include "base/buf.h"
#include "base/str.h"

/* Appends `text` as one gzip member (RFC 1952), packed as tightly as zlib can. */
void gzip_add(struct buf *out, struct str text);

#endif
