/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell export`: everything of a person, or of all, as lines of JSON. */
#include "app/command.h"
#include "app/data.h"
#include "app/loading.h"
#include "app/persons.h"
#include "wire/wire.h"

#include <stdio.h>

static int export_conversation(struct store *store, int64_t conversation, struct error *err)
{
	struct arena arena = { 0 };
	struct buf line = { 0 };
	struct event *events;
	size_t count = 0;
	int status = store_load_events(store, &arena, conversation, 0, &events, &count, err);
	for (size_t i = 0; !status && i < count; i++) {
		buf_reset(&line);
		wire_event(&line, &events[i], conversation, true);
		puts(buf_text(&line));
	}
	buf_clear(&line);
	arena_clear(&arena);
	return status;
}

static int run_export(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	struct person_query query = { 0 };
	int status = persons_arguments(argc, argv, &data, &query);
	if (status)
		return status;
	struct arena arena = { 0 };
	struct store *store = NULL;
	struct error err = { 0 };
	int64_t *conversations;
	size_t count = 0;
	int failed = data_open(data, DATA_READ, &store, &err) ||
		     persons_find(store, &arena, &query, &conversations, &count, &err);
	for (size_t i = 0; !failed && i < count; i++)
		failed = export_conversation(store, conversations[i], &err);
	if (failed)
		status = data_failed("export", &err);
	store_close(store);
	arena_clear(&arena);
	return status;
}

const struct command command_export = {
	"export", "everything of a person, as lines of JSON",
	"usage: shopbell export (--conversation N | --email ADDRESS | --subject SUB) [--data DIR]\n\n"
	"Prints every stored event of these conversations, one JSON object a line, as agents see them.\n",
	run_export
};
