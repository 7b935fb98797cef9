/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's folder, loaded for a command, with its problems told on stderr. */
#ifndef SHOPBELL_APP_LOADING_H
#define SHOPBELL_APP_LOADING_H

#include "dialogue/knowledge.h"

/* The folders of topic files and of the data file when no others are named. */
#define DEFAULT_INTENTS "intents"
#define DEFAULT_DATA    "data"

/* NULL when the folder has an error; all problems are on stderr then (and warnings also otherwise). The caller gives
 * it back with knowledge_unref. */
struct knowledge *load_knowledge(const char *directory);

#endif
