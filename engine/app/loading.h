/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's folder, loaded for a command, with its problems told on stderr. */
#ifndef SHOPBELL_APP_LOADING_H
#define SHOPBELL_APP_LOADING_H

#include "dialogue/knowledge.h"

#include <stdbool.h>

/* The folders of topic files and of the data file when no others are named. */
#define DEFAULT_INTENTS "intents"
#define DEFAULT_DATA    "data"

/* So many warnings are told, unless all are wanted; errors always in full. */
enum { WARNINGS_TOLD = 20 };

/* NULL when the folder has an error; errors are on stderr then, and warnings behind them (also otherwise): the first
 * WARNINGS_TOLD, or all of them. The caller gives it back with knowledge_unref. */
struct knowledge *load_knowledge(const char *directory, bool tells_all);

#endif
