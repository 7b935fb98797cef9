/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell secret`: what the shop's own server signs its customers' identities with. */
#include "app/command.h"
#include "app/data.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/count.h"
#include "server/session.h"

#include <stdio.h>

static int run_secret(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	bool is_new = false;
	const struct option_spec specs[] = { { "--data", &data, NULL }, { "--new", NULL, &is_new } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	struct arena arena = { 0 };
	struct store *store = NULL;
	struct error err = { 0 };
	struct str secret;
	if (sodium_start(&err) || data_open(data, DATA_ADD, &store, &err) ||
	    identity_secret(store, &arena, is_new, &secret, &err))
		status = data_failed("secret", &err);
	else
		printf("%.*s\n", STR_ARG(secret));
	store_close(store);
	arena_clear(&arena);
	return status;
}

const struct command command_secret = {
	"secret", "the key to sign customers' identities with",
	"usage: shopbell secret [--new] [--data DIR]\n\n"
	"Prints the secret with which the shop's own server signs a JWT (HS256) for a signed-in customer:\n"
	"sub and exp, and if wanted name, email and any attributes. Keep it on the server.\n\n"
	"  --new  make a new one; what was signed with the old one no longer counts from then on, also for a\n"
	"         server that is running\n",
	run_secret
};
