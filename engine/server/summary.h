/* SPDX-License-Identifier: Apache-2.0 */
/* A conversation's row as agents are shown it in a list. */
#ifndef SHOPBELL_SERVER_SUMMARY_H
#define SHOPBELL_SERVER_SUMMARY_H

#include "store/store.h"
#include "wire/wire.h"

/* Texts are the row's. Whether the visitor is online and what was searched for is not known here. */
struct wire_summary summary_of_row(const struct conversation_row *row);

#endif
