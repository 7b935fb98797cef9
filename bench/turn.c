/* SPDX-License-Identifier: Apache-2.0 */
/* What the program does between a frame that came in and the frames that go out, without sockets: the turns of
 * conversations with the bot, over and over, to be counted by callgrind (bench/profile.sh) or by the clock:
 *
 *     build/bench/turn [ROUNDS [INTENTS [FILE]]]          100 intents build/bench/turn.db
 *
 * A round is one conversation each of BATCH visitors, TURNS messages long. As in the server, what is decided in one
 * pass of the loop goes to the disk in one transaction: BATCH turns. Memory for a turn is reset, not given back. */
#include "base/error.h"
#include "base/mem.h"
#include "dialogue/conversation.h"
#include "store/store.h"
#include "wire/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 8, TURNS = 4, TEXT_LIMIT = 4000 };

/* What visitors of the sample shop write: known questions, typing errors, a follow-up, small talk, a question of no
 * topic, a complaint. */
static const char *const QUESTIONS[] = {
	"where is my parcel",
	"how long does delivery take to scotland",
	"wheres my parcle, it should have come on tuesday",
	"how do I send something back",
	"do you have a size guide for the jumpers",
	"can i pay with paypal",
	"hello",
	"my voucher code does not work in the basket",
	"and to spain?",
	"I would like to change the delivery address of my order",
	"what is the capital of peru",
	"when will I get my money back for the shoes that I returned last week",
	"is the blue linen shirt in stock in medium",
	"thank you",
	"the lamp arrived broken, what now",
	"this is the third time I ask and I am still waiting for my order",
};
enum { QUESTION_COUNT = sizeof QUESTIONS / sizeof *QUESTIONS };

struct talk {
	struct conversation *state;
	struct conversation_row row;
	struct arena arena; /* the turn's events; until they are on the disk */
	struct turn turn;
	int64_t asked, token;
	const char *client_id;
};

struct bench {
	struct knowledge *knowledge;
	struct mind *mind;
	struct store *store;
	struct arena frame_arena;
	struct buf out;
	struct talk talks[BATCH];
	struct store_write writes[BATCH];
	struct store_result results[BATCH];
	int64_t now_ms, turns, conversations;
	size_t bytes_out;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench/turn: %s\n", what);
	exit(1);
}

static void prepare_write(struct bench *bench, size_t number)
{
	struct talk *talk = &bench->talks[number];
	struct conversation_row *row = &talk->row;
	const struct turn *turn = &talk->turn;
	bench->writes[number] = (struct store_write){ .expected_seq = row->seq,
						      .events = turn->events,
						      .event_count = turn->event_count };
	memcpy(bench->writes[number].token_hash, &talk->token, sizeof talk->token);
	row->seq = conversation_seq(talk->state);
	row->owner = conversation_owner(talk->state);
	row->episode = conversation_episode(talk->state);
	row->language = conversation_language(talk->state);
	row->updated_ms = row->last_at_ms = bench->now_ms;
	row->last_text = turn->events[turn->event_count - 1].text;
	bench->writes[number].row = *row;
}

/* From the frame's bytes to the events of the turn and the write that keeps them. */
static void take_frame(struct bench *bench, size_t number, struct str json)
{
	static const struct situation alone = { .queue_position = 1, .wait_ms = -1 };
	struct talk *talk = &bench->talks[number];
	struct situation situation = alone;
	struct frame frame;
	struct wire_error refusal;
	if (wire_read_frame(&bench->frame_arena, SIDE_VISITOR, json, TEXT_LIMIT, &frame, &refusal))
		fail(refusal.message);
	struct input input = input_blank(INPUT_MESSAGE);
	input.client_id = frame.client_id;
	input.text = str_of(frame.text);
	situation.now_ms = bench->now_ms;
	conversation_step(talk->state, &input, bench->knowledge, bench->mind, &situation, &talk->arena, &talk->turn);
	if (talk->turn.refusal || !talk->turn.event_count)
		fail("a message was refused");
	for (size_t i = 0; i < talk->turn.event_count; i++) {
		struct event *event = &talk->turn.events[i];
		if (event->kind != EVENT_DECISION || !talk->turn.decision)
			continue;
		buf_reset(&bench->out);
		wire_decision_details(&bench->out, talk->turn.decision, 100);
		event->details = arena_strdup(&talk->arena, buf_str(&bench->out));
	}
	talk->client_id = arena_strdup(&talk->arena, str_of(frame.client_id));
	for (size_t i = 0; i < talk->turn.event_count; i++)
		conversation_apply(talk->state, &talk->turn.events[i]);
	prepare_write(bench, number);
	arena_reset(&bench->frame_arena);
}

static void commit(struct bench *bench)
{
	struct error err = { 0 };
	if (store_commit(bench->store, bench->writes, BATCH, bench->results, &err))
		fail(err.message);
	for (size_t i = 0; i < BATCH; i++) {
		if (bench->results[i].outcome != STORE_DONE)
			fail("a turn was not stored");
		bench->talks[i].row.id = bench->results[i].conversation;
	}
}

/* The acknowledgement and the events, as their visitor gets them. */
static void print_frames(struct bench *bench, size_t number)
{
	struct talk *talk = &bench->talks[number];
	const struct event *own = &talk->turn.events[0];
	struct wire_ack ack = {
		.of = FRAME_MESSAGE, .client_id = talk->client_id, .seq = own->seq, .at_ms = own->at_ms, .token = ""
	};
	buf_reset(&bench->out);
	wire_ack(&bench->out, &ack);
	bench->bytes_out += bench->out.len;
	for (size_t i = 0; i < talk->turn.event_count; i++) {
		if (!event_is_public(talk->turn.events[i].kind))
			continue;
		buf_reset(&bench->out);
		wire_event(&bench->out, &talk->turn.events[i], talk->row.id, false);
		bench->bytes_out += bench->out.len;
	}
	arena_reset(&talk->arena);
	bench->turns++;
}

static void begin_conversations(struct bench *bench)
{
	for (size_t i = 0; i < BATCH; i++) {
		struct talk *talk = &bench->talks[i];
		conversation_free(talk->state);
		talk->state = conversation_new();
		talk->token = ++bench->conversations;
		talk->row = (struct conversation_row){
			.owner = OWNER_BOT,
			.agent_name = "",
			.language = "",
			.intent = "",
			.last_text = "",
			.last_from = AUTHOR_BOT,
			.visitor_name = "",
			.visitor_email = "",
			.subject = "",
			.profile = "",
			.handover_right = -1,
		};
	}
}

/* One round; callgrind counts what happens in here and below. */
__attribute__((noinline)) static void talk_round(struct bench *bench)
{
	char json[256];
	begin_conversations(bench);
	for (int turn = 0; turn < TURNS; turn++) {
		bench->now_ms += 1000;
		for (size_t i = 0; i < BATCH; i++) {
			int64_t number = bench->talks[i].asked++;
			int len = snprintf(json, sizeof json,
					   "{\"type\":\"message\",\"client_id\":\"m%lld\",\"text\":\"%s\"}",
					   (long long)number,
					   QUESTIONS[(size_t)(number + (int64_t)i * 3) % QUESTION_COUNT]);
			take_frame(bench, i, (struct str){ json, (size_t)len });
		}
		commit(bench);
		for (size_t i = 0; i < BATCH; i++)
			print_frames(bench, i);
	}
}

static void remove_file(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[1024];
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		unlink(name);
	}
}

static void load(struct bench *bench, const char *intents, const char *path)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	struct error err = { 0 };
	diagnostics_init(&problems, &arena);
	bench->knowledge = knowledge_load(intents, NULL, &problems);
	if (!bench->knowledge)
		fail("the topic files have errors; `shopbell check` shows them");
	diagnostics_clear(&problems);
	arena_clear(&arena);
	bench->mind = mind_new();
	bench->now_ms = 1767225600000; /* a Thursday; the same on every run */
	remove_file(path);
	if (store_open(path, STORE_WRITE, &bench->store, &err))
		fail(err.message);
}

static double cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 100;
	const char *path = argc > 3 ? argv[3] : "build/bench/turn.db";
	if (rounds < 1 || argc > 4) {
		fprintf(stderr, "usage: turn [ROUNDS [INTENTS [FILE]]]\n");
		return 2;
	}
	load(&bench, argc > 2 ? argv[2] : "intents", path);
	double began = cpu_us();
	for (long i = 0; i < rounds; i++)
		talk_round(&bench);
	double took = cpu_us() - began;
	printf("turns %lld, %.1f us of processor time each, commit of %d turns included; %zu bytes to visitors a "
	       "turn\n",
	       (long long)bench.turns, took / (double)bench.turns, BATCH, bench.bytes_out / (size_t)bench.turns);
	for (size_t i = 0; i < BATCH; i++) {
		conversation_free(bench.talks[i].state);
		arena_clear(&bench.talks[i].arena);
	}
	arena_clear(&bench.frame_arena);
	buf_clear(&bench.out);
	store_close(bench.store);
	mind_free(bench.mind);
	knowledge_unref(bench.knowledge);
	remove_file(path);
	return 0;
}
