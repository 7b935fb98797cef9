/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell erase`: everything of a person, out of the data file; it waits until nothing is left, however large that is. */
#include "app/command.h"
#include "app/data.h"
#include "app/loading.h"
#include "app/persons.h"

#include <stdio.h>

static int erase_all(struct store *store, const struct person_query *query, struct error *err)
{
	struct arena arena = { 0 };
	int64_t *conversations;
	size_t count = 0;
	int status = persons_find(store, &arena, query, &conversations, &count, err);
	for (size_t i = 0; !status && i < count; i++)
		status = store_erase(store, conversations[i], err);
	int hindered = status ? 0 : store_scrub(store, err);
	if (hindered < 0)
		status = -1;
	if (hindered > 0)
		fputs("shopbell erase: somebody reads the data file all the time: it is cleared of the last traces at "
		      "the next "
		      "start of `shopbell serve`, or when this is run again\n",
		      stderr);
	if (!status)
		printf("%zu conversation%s erased; backups made earlier still hold %s\n", count, count == 1 ? "" : "s",
		       count == 1 ? "it" : "them");
	arena_clear(&arena);
	return status;
}

static int run_erase(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	struct person_query query = { 0 };
	int status = persons_arguments(argc, argv, &data, &query);
	if (status)
		return status;
	struct store *store = NULL;
	struct error err = { 0 };
	if (data_open(data, DATA_CHANGE, &store, &err) || erase_all(store, &query, &err))
		status = data_failed("erase", &err);
	store_close(store);
	return status;
}

const struct command command_erase = {
	"erase", "everything of a person, out of the data file",
	"usage: shopbell erase (--conversation N | --email ADDRESS | --subject SUB) [--data DIR]\n\n"
	"Removes these conversations whole: messages, notes, ratings, address, search index. It cannot\n"
	"be undone. SUB is the `sub` of a signed-in customer.\n",
	run_erase
};
