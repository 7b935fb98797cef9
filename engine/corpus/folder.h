/* SPDX-License-Identifier: Apache-2.0 */
/* The files of the owner's folder, as bytes. */
#ifndef SHOPBELL_CORPUS_FOLDER_H
#define SHOPBELL_CORPUS_FOLDER_H

#include "corpus/corpus.h"

/* Reads shop.ini and all *.md of `directory` and of its language folders into `arena`. What cannot be read is
 * reported. Gives the files in no particular order, their number in `*out_count`. */
const struct corpus_file *folder_read_in(struct arena *arena, const char *directory, struct diagnostics *problems,
					 size_t *out_count);

#endif
