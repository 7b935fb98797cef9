/* SPDX-License-Identifier: Apache-2.0 */
/* `shopbell audit`: whether everybody is served alike. */
#include "dialogue/audit.h"
#include "app/arguments.h"
#include "app/command.h"
#include "app/data.h"
#include "app/dates.h"
#include "app/loading.h"
#include "app/rates.h"
#include "base/count.h"
#include "dialogue/zone.h"
#include "store/store.h"

#include <stdio.h>

enum { BY_LANGUAGE, BY_HOUR, BY_SEGMENT, BY_SIGN_IN, BY_SPELLING, BY_COUNT };
static const char *const titles[BY_COUNT] = {
	[BY_LANGUAGE] = "language",
	[BY_HOUR] = "hour of day when it began, in the shop's time",
	[BY_SEGMENT] = "segment: the first of shop.ini that the visitor belonged to",
	[BY_SIGN_IN] = "signed in at the shop or not",
	[BY_SPELLING] = "spelling: whether words were repaired towards the topic files as they are now",
};

struct reading {
	const struct knowledge *knowledge;
	struct mind *mind;
	struct store *store;
	struct arena arena;
	struct error err;
	bool has_failed;
	int64_t from_ms;
	struct episodes fold;
	struct audit audits[BY_COUNT];
};

/* Of a conversation that was erased meanwhile nothing is known: not signed in. */
static bool is_signed_in(struct reading *reading, int64_t conversation)
{
	struct conversation_row row;
	arena_reset(&reading->arena);
	int found = store_load_row(reading->store, &reading->arena, conversation, &row, &reading->err);
	reading->has_failed |= found < 0;
	return found == 0 && *row.subject;
}

static void take_episode(void *context, const struct episode *episode)
{
	struct reading *reading = context;
	if (episode->start_ms < reading->from_ms)
		return;
	char hour[16];
	int began = zone_civil(reading->knowledge->zone, episode->start_ms).minute / 60;
	snprintf(hour, sizeof hour, "%02d:00", began);
	const char *names[BY_COUNT] = {
		[BY_LANGUAGE] = *episode->language ? episode->language : "unknown",
		[BY_HOUR] = hour,
		[BY_SEGMENT] = *episode->segment ? episode->segment : "none of them",
		[BY_SIGN_IN] = is_signed_in(reading, episode->conversation) ? "signed in" : "not signed in",
		[BY_SPELLING] = !episode->words           ? "no words of a question"
				: episode->repaired_words ? "some repaired"
							  : "none repaired",
	};
	for (int by = 0; by < BY_COUNT; by++)
		audit_add(&reading->audits[by], names[by], episode);
}

/* Reads again what the visitor typed, only to see how it was spelt. */
static int take_event(void *context, int64_t conversation, const struct event *event)
{
	struct reading *reading = context;
	struct episode *episode = episodes_add(&reading->fold, conversation, event);
	if (event->kind == EVENT_MESSAGE && event->from == AUTHOR_VISITOR && !*event->intent) {
		struct understanding heard;
		const char *usual = *event->language ? event->language : NULL;
		knowledge_understand(reading->knowledge, reading->mind, str_of(event->text), usual, &heard);
		episode->words += (int64_t)heard.match.term_count;
		episode->repaired_words += (int64_t)heard.match.repair_count;
	}
	if (reading->has_failed)
		return -1;
	return 0;
}

static void print_share(const struct audit *audit, const struct audit_group *group, const char *what, size_t offset,
			struct rate rate)
{
	printf("    %-16s", what);
	rate_print(rate);
	puts(audit_differs(audit, group, offset) ? "   differs from the others" : "");
}

static void print_group(const struct audit *audit, struct audit_group *group)
{
	size_t waits = group->wait.values.count;
	printf("  %s: %lld episodes\n", group->name, (long long)group->episodes);
	print_share(audit, group, "handed over", offsetof(struct audit_group, handover), group->handover);
	print_share(audit, group, "not answered", offsetof(struct audit_group, refusal), group->refusal);
	print_share(audit, group, "satisfied", offsetof(struct audit_group, satisfied), group->satisfied);
	print_share(audit, group, "came in time", offsetof(struct audit_group, prompt), group->prompt);
	if (waits < SAMPLE_TOO_FEW)
		printf("    %-16stoo few to tell (%zu)\n", "wait", waits);
	else
		printf("    %-16smedian %.0f s, 90 %% within %.0f s, of %zu\n", "wait",
		       sample_percentile(&group->wait, 50), sample_percentile(&group->wait, 90), waits);
}

static int audit_data(struct reading *reading, const char *data)
{
	struct error *err = &reading->err;
	int status = EXIT_FINE;
	episodes_init(&reading->fold, date_now_ms(), take_episode, reading);
	int failed = data_open(data, DATA_READ, &reading->store, err) ||
		     store_each_event(reading->store, reading->from_ms, take_event, reading, err);
	if (!failed) {
		episodes_end(&reading->fold);
		failed = reading->has_failed;
	}
	if (failed)
		status = data_failed("audit", err);
	for (int by = 0; by < BY_COUNT; by++) {
		struct audit *audit = &reading->audits[by];
		if (!failed)
			printf("%sby %s\n", by ? "\n" : "", titles[by]);
		for (size_t i = 0; !failed && i < audit->groups.count; i++)
			print_group(audit, &audit->groups.items[i]);
		audit_clear(audit);
	}
	store_close(reading->store);
	return status;
}

static int run_audit(int argc, char **argv)
{
	const char *data = DEFAULT_DATA, *intents = DEFAULT_INTENTS, *since = NULL;
	const struct option_spec specs[] = { { "--data", &data, NULL },
					     { "--intents", &intents, NULL },
					     { "--since", &since, NULL } };
	struct operands none;
	int status = arguments_read(argc, argv, specs, COUNT(specs), 0, 0, &none);
	if (status)
		return status;
	struct reading reading = { .from_ms = 0 };
	status = date_read("audit", since, &reading.from_ms);
	if (status)
		return status;
	struct knowledge *knowledge = load_knowledge(intents, false);
	if (!knowledge)
		return EXIT_PROBLEM;
	reading.knowledge = knowledge;
	reading.mind = mind_new();
	status = audit_data(&reading, data);
	mind_free(reading.mind);
	arena_clear(&reading.arena);
	knowledge_unref(knowledge);
	return status;
}

const struct command command_audit = {
	"audit", "whether everybody is served alike",
	"usage: shopbell audit [--since DATE] [--intents DIR] [--data DIR]\n\n"
	"Handovers, questions not answered, waits and ratings of the episodes that began since DATE\n"
	"(default: all), by language, hour of day, segment, sign-in and spelling. \"Came in time\": of those\n"
	"who waited for a person that came, within two minutes. Every share stands beside what it is a\n"
	"share of, with its 95 % interval; under 30 cases there is none. \"Differs\": its interval and that\n"
	"of all the others do not touch. With so many groups, one or the other does by chance.\n",
	run_audit
};
