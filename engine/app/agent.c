/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell agent`: the people who may sign in to the console. */
#include "app/command.h"
#include "app/data.h"
#include "app/dates.h"
#include "app/ends.h"
#include "app/loading.h"
#include "app/arguments.h"
#include "base/count.h"
#include "server/session.h"
#include "text/utf8.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct job {
	struct store *store;
	const char *name, *role;
	bool is_from_stdin;
};

/* False when it was asked to end before a line came. */
static bool wait_for_line(void)
{
	enum { LOOK_MS = 100 };
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	while (!ends_are_asked())
		if (poll(&input, 1, LOOK_MS) > 0)
			return true;
	return false;
}

/* One line, without its end. On a terminal it is asked for and not shown; who ends the program instead gets the terminal back
 * as it was. */
static char *read_secret_line(const char *question)
{
	struct termios shown, hidden;
	sigset_t before;
	bool is_terminal = !tcgetattr(STDIN_FILENO, &shown);
	if (is_terminal) {
		ends_hold(&before);
		fputs(question, stderr);
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length = !is_terminal || wait_for_line() ? getline(&line, &capacity, stdin) : -1;
	if (is_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputs("\n", stderr);
		ends_let(&before);
	}
	if (length < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static int check_password(const char *password, struct error *err)
{
	size_t characters = utf8_count(str_of(password));
	if (!utf8_is_valid(str_of(password)))
		return error_set(err, ERROR_INPUT, "the password is not UTF-8");
	if (characters < PASSWORD_CHARACTERS_MIN || characters > PASSWORD_CHARACTERS_MAX)
		return error_set(err, ERROR_INPUT, "a password has %d to %d characters", PASSWORD_CHARACTERS_MIN,
				 PASSWORD_CHARACTERS_MAX);
	return 0;
}

/* Reads a password (twice on a terminal) and hashes it. */
static int read_password(const struct job *job, char out[PASSWORD_HASH_BYTES], struct error *err)
{
	if (!job->is_from_stdin && !isatty(STDIN_FILENO))
		return error_set(err, ERROR_INPUT, "no terminal to ask for the password; use --password-stdin");
	char *password = read_secret_line("Password: ");
	char *again = password && !job->is_from_stdin ? read_secret_line("Once more: ") : NULL;
	int status = -1;
	if (!password)
		error_set(err, ERROR_INPUT, "no password came");
	else if (!job->is_from_stdin && (!again || strcmp(password, again) != 0))
		error_set(err, ERROR_INPUT, "the two are not the same");
	else if (!check_password(password, err))
		status = sodium_start(err) || password_hash(password, out, err) ? -1 : 0;
	free(password);
	free(again);
	return status;
}

static int find_agent(const struct job *job, struct arena *arena, struct agent_row *out, struct error *err)
{
	int found = store_find_agent(job->store, arena, job->name, out, err);
	if (found == 1)
		return error_set(err, ERROR_MISSING,
				 "nobody is called \"%s\"; `shopbell agent list` shows who is there", job->name);
	return found;
}

static int add(const struct job *job, struct error *err)
{
	char hash[PASSWORD_HASH_BYTES];
	int64_t id;
	bool is_owner = !strcmp(job->role, "owner");
	if (agent_name_check(job->name, err) || read_password(job, hash, err) ||
	    store_add_agent(job->store, job->name, is_owner ? ROLE_OWNER : ROLE_AGENT, hash, date_now_ms(), &id, err))
		return -1;
	printf("%s may sign in as %s now\n", job->name, is_owner ? "an owner" : "an agent");
	return 0;
}

static int list(const struct job *job, struct error *err)
{
	struct arena arena = { 0 };
	struct agent_row *agents;
	size_t count = 0;
	int status = store_list_agents(job->store, &arena, &agents, &count, err);
	for (size_t i = 0; !status && i < count; i++)
		printf("%-6s %s\n", agents[i].role == ROLE_OWNER ? "owner" : "agent", agents[i].name);
	arena_clear(&arena);
	return status;
}

static int remove_agent(const struct job *job, struct error *err)
{
	struct arena arena = { 0 };
	struct agent_row agent;
	bool has_owner = true;
	int status = find_agent(job, &arena, &agent, err) || store_remove_agent(job->store, agent.id, err) ||
				     store_has_owner(job->store, &has_owner, err)
			     ? -1
			     : 0;
	if (!status)
		printf("%s may no longer sign in\n", agent.name);
	if (!has_owner)
		fputs("shopbell agent: nobody is an owner any more: make one with --role owner, or by the link that "
		      "the "
		      "server prints at its next start\n",
		      stderr);
	arena_clear(&arena);
	return status;
}

static int change_password(const struct job *job, struct error *err)
{
	struct arena arena = { 0 };
	struct agent_row agent;
	char hash[PASSWORD_HASH_BYTES];
	int status = find_agent(job, &arena, &agent, err) || read_password(job, hash, err) ||
				     store_set_password(job->store, agent.id, hash, err)
			     ? -1
			     : 0;
	if (!status)
		printf("the new password of %s holds; all sessions have ended\n", agent.name);
	arena_clear(&arena);
	return status;
}

static const struct verb {
	const char *name;
	bool has_name;
	enum data_use use;
	int (*run)(const struct job *job, struct error *err);
} verbs[] = {
	{ "add", true, DATA_ADD, add },
	{ "list", false, DATA_READ, list },
	{ "remove", true, DATA_CHANGE, remove_agent },
	{ "password", true, DATA_CHANGE, change_password },
};

static const struct verb *find_verb(const struct operands *words)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (!strcmp(verbs[i].name, words->items[0]) && words->count == 1 + (size_t)verbs[i].has_name)
			return &verbs[i];
	return NULL;
}

static int run_agent(int argc, char **argv)
{
	const char *data = DEFAULT_DATA;
	struct job job = { .role = "agent" };
	const struct option_spec specs[] = { { "--data", &data, NULL },
					     { "--role", &job.role, NULL },
					     { "--password-stdin", NULL, &job.is_from_stdin } };
	struct operands words;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 1, 2, &words);
	if (status)
		return status;
	const struct verb *verb = find_verb(&words);
	if (!verb) {
		fputs("shopbell agent: use add NAME, list, remove NAME or password NAME\n", stderr);
		return EXIT_USAGE;
	}
	if (strcmp(job.role, "agent") != 0 && strcmp(job.role, "owner") != 0) {
		fprintf(stderr, "shopbell agent: a role is \"agent\" or \"owner\", not \"%s\"\n", job.role);
		return EXIT_USAGE;
	}
	struct error err = { 0 };
	job.name = verb->has_name ? words.items[1] : "";
	if (data_open(data, verb->use, &job.store, &err) || verb->run(&job, &err))
		status = data_failed("agent", &err);
	store_close(job.store);
	return status;
}

const struct command command_agent = {
	"agent", "who may sign in to the console",
	"usage: shopbell agent add NAME [--role agent|owner] [--password-stdin] [--data DIR]\n"
	"       shopbell agent list | remove NAME | password NAME [--password-stdin] [--data DIR]\n\n"
	"Without --role it is an agent; owners also see to answers, saved replies and agents.\n"
	"Asks for the password on the terminal, or reads it from the first line of stdin. A new password\n"
	"and a removal end all sessions of that person.\n",
	run_agent
};
