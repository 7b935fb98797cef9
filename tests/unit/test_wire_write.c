/* SPDX-License-Identifier: Apache-2.0 */
/* Writing: every frame of the server against its sample, and texts that are hard to print. */
#include "wire/wire.h"

#include "dialogue/report.h"

#include "text/utf8.h"

#include "wire_samples.h"

#include <math.h>

#define AT INT64_C(1766311200000)

/* ---- What the samples tell of ---- */

static const struct option suggestions[] = {
	{ "track-order", "Track my order" },
	{ "delivery-time", "How long does delivery take?" },
};

static const struct wire_agent anna = { 1, "Anna", "owner", "available", 4, 1 };
static const struct wire_agent both[] = { { 1, "Anna", "owner", "available", 4, 1 },
					  { 2, "Ben", "agent", "offline", 3, 0 } };

static struct wire_summary waiting(void)
{
	return (struct wire_summary){
		.id = 12,
		.seq = 5,
		.owner = OWNER_QUEUE,
		.agent_name = "",
		.episode = 1,
		.language = "en",
		.created_ms = AT,
		.updated_ms = AT + 5000,
		.waiting_since_ms = AT + 5000,
		.priority = 2,
		.reason = REASON_UPSET,
		.mood = 0.61,
		.trend = -1,
		.last_text = "this is useless",
		.last_from = AUTHOR_VISITOR,
		.last_at_ms = AT + 4000,
		.intent = "track-order",
		.visitor_name = "Ada",
		.visitor_email = "ada@example.com",
		.profile = "{\"page\":{\"url\":\"https://shop.example/cart\",\"title\":\"Cart\"},"
			   "\"attributes\":{\"plan\":\"vip\",\"orders\":\"12\"}}",
		.is_verified = true,
		.is_online = true,
		.handover_right = -1,
		.snippet = "",
		.tags = "",
	};
}

static struct wire_summary ticket(void)
{
	return (struct wire_summary){
		.id = 9,
		.seq = 31,
		.owner = OWNER_NOBODY,
		.agent = 2,
		.agent_name = "Ben",
		.episode = 3,
		.language = "de",
		.created_ms = AT - 100000,
		.updated_ms = AT,
		.last_text = "Danke!",
		.last_from = AUTHOR_AGENT,
		.last_agent = 2,
		.last_at_ms = AT,
		.intent = "",
		.visitor_name = "",
		.visitor_email = "max@example.com",
		.profile = "",
		.ticket_ms = AT - 1000,
		.is_closed = true,
		.handover_right = 0,
		.snippet = "… Danke …",
	};
}

static const struct problem problems[] = {
	{ SEVERITY_ERROR,
	  { "delivery.md", 7, 1 },
	  "unknown key \"nxt\"",
	  "did you mean \"next\"?",
	  "nxt: Track my order",
	  3 },
	{ SEVERITY_WARNING, { "de/lieferung.md", 3, 0 }, "a test lands elsewhere", "", "", 1 },
};
static const struct wire_corpus corpus = { "00c0ffee00c0ffee", true, AT, problems, 2 };
static const struct wire_suggestion suggested[] = {
	{ "track-order", "Where is my order?", "Follow it here.", "<p>Follow it here.</p>", 0.41 },
};

static struct event event_of(int64_t seq, enum event_kind kind, enum author from, const char *text, enum owner owner)
{
	struct event event = event_blank();
	event.seq = seq;
	event.at_ms = AT + seq * 1000;
	event.kind = kind;
	event.from = from;
	event.text = text;
	event.owner = owner;
	event.episode = 1;
	return event;
}

static struct decision upset_decision(void)
{
	return (struct decision){
		.action = ACTION_HANDOVER,
		.reason = REASON_UPSET,
		.rule = "upset",
		.corpus = "00c0ffee00c0ffee",
		.language = "en",
		.variant = "",
		.segment = "vip",
		.intent_id = "track-order",
		.confidence = 0.41,
		.threshold = 0.72,
		.candidates = { { "track-order", 0.41 }, { "complaint", 1.0 / 3 } },
		.candidate_count = 2,
		.why = { { "parcel", "", 0.8 } },
		.why_count = 1,
		.mood_words = { { "useless", "insult", 0.6 } },
		.mood_word_count = 1,
		.polarity = -0.7,
		.frustration = 0.81,
		.running_mood = 0.61,
		.is_upset = true,
		.text = "I am fetching a colleague.",
		.html = "<p>I am fetching a colleague.</p>",
	};
}

/* ---- One function a sample ---- */

static void welcome_new(struct buf *out)
{
	wire_welcome(out, &(struct wire_welcome){ .shop = "Larkspur & Finch",
						  .bot = "Finch",
						  .greeting = "Hello, I am Finch, a bot.",
						  .language = "en",
						  .consent = "We keep your address until your question is answered.",
						  .is_open = true,
						  .opens_ms = AT,
						  .agents = 2,
						  .suggestions = suggestions,
						  .suggestion_count = 2,
						  .text_limit = 4000,
						  .survey = SURVEY_CSAT });
}

static void welcome_resumed(struct buf *out)
{
	wire_welcome(out, &(struct wire_welcome){ .shop = "Larkspur & Finch",
						  .bot = "Finch",
						  .greeting = "Guten Tag!",
						  .language = "de",
						  .consent = "",
						  .opens_ms = AT,
						  .conversation = 12,
						  .seq = 9,
						  .owner = OWNER_QUEUE,
						  .episode = 2,
						  .text_limit = 500,
						  .survey = SURVEY_CSAT | SURVEY_CES | SURVEY_NPS });
}

static void ack(struct buf *out)
{
	wire_ack(out, &(struct wire_ack){ FRAME_MESSAGE, "m-1", 1, AT, "kT9v0aQ2mXw4cB7nE1yR5g", 0 });
}

static void ack_survey(struct buf *out)
{
	wire_ack(out, &(struct wire_ack){ .of = FRAME_SURVEY, .client_id = "", .token = "" });
}

static void ack_export(struct buf *out)
{
	struct event events[2] = { event_of(1, EVENT_MESSAGE, AUTHOR_VISITOR, "hi", OWNER_BOT),
				   event_of(2, EVENT_MESSAGE, AUTHOR_BOT, "Hello.", OWNER_BOT) };
	events[0].id = 40;
	events[0].client_id = "m-1";
	events[0].polarity = 0.25;
	events[0].language = "en";
	events[1].id = 41;
	events[1].intent = "greeting";
	wire_export(out, &(struct wire_ack){ FRAME_EXPORT, "x-1", 0, 0, "", 12 }, events, 2);
}

static void event_message(struct buf *out)
{
	struct event event = event_of(1, EVENT_MESSAGE, AUTHOR_VISITOR, "Wo ist mein Päckchen? 📦", OWNER_BOT);
	event.client_id = "m-1";
	event.polarity = -0.5; /* not for visitors */
	wire_event(out, &event, 12, false);
}

static void event_answer(struct buf *out)
{
	struct event event =
		event_of(3, EVENT_MESSAGE, AUTHOR_BOT, "We post within one working day.\nSee delivery.", OWNER_BOT);
	event.html = "<p>We post within <strong>one working day</strong>.</p>";
	event.options = suggestions;
	event.option_count = 2;
	event.intent = "delivery-time";
	wire_event(out, &event, 12, false);
}

static void event_handover(struct buf *out)
{
	struct event event = event_of(5, EVENT_HANDOVER, AUTHOR_BOT, "I am fetching a colleague.", OWNER_QUEUE);
	event.reason = REASON_UPSET;
	event.details = "{\"rule\":\"upset\"}"; /* not for visitors */
	wire_event(out, &event, 12, false);
}

static void event_of_agent(struct buf *out, struct event event, const char *name)
{
	event.agent = 1;
	event.agent_name = name;
	event.client_id = "k-2"; /* not for visitors */
	wire_event(out, &event, 12, false);
}

static void event_claim(struct buf *out)
{
	event_of_agent(out, event_of(6, EVENT_CLAIM, AUTHOR_SYSTEM, "Anna is with you now.", OWNER_AGENT), "Anna");
}

static void event_agent_message(struct buf *out)
{
	event_of_agent(out, event_of(7, EVENT_MESSAGE, AUTHOR_AGENT, "Hello \"Ada\" \\ <b>hi</b>", OWNER_AGENT),
		       "Anna");
}

static void event_transfer(struct buf *out)
{
	event_of_agent(out, event_of(8, EVENT_TRANSFER, AUTHOR_SYSTEM, "Ben takes over.", OWNER_AGENT), "Ben");
}

static void event_return(struct buf *out)
{
	event_of_agent(out, event_of(9, EVENT_RETURN, AUTHOR_SYSTEM, "The bot goes on.", OWNER_BOT), "Ben");
}

static void event_notice(struct buf *out)
{
	struct event event = event_of(10, EVENT_NOTICE, AUTHOR_BOT, "Which address?", OWNER_BOT);
	wire_event(out, &event, 12, false);
}

static void event_rating(struct buf *out)
{
	struct event event = event_of(11, EVENT_RATING, AUTHOR_VISITOR, "", OWNER_BOT);
	event.client_id = "r-1";
	event.rating.rates = 3;
	event.rating.helpful = 1;
	wire_event(out, &event, 12, false);
}

static void event_survey(struct buf *out)
{
	struct event event = event_of(12, EVENT_RATING, AUTHOR_VISITOR, "", OWNER_NOBODY);
	event.rating.csat = 4;
	event.rating.ces = 6;
	event.rating.nps = 9;
	event.rating.comment = "Good";
	wire_event(out, &event, 12, false);
}

static void event_contact(struct buf *out)
{
	struct event event = event_of(13, EVENT_CONTACT, AUTHOR_VISITOR, "", OWNER_NOBODY);
	event.client_id = "c-1";
	event.contact_name = "Ada";
	event.contact_email = "ada@example.com";
	wire_event(out, &event, 12, false);
}

static void event_close(struct buf *out)
{
	struct event event = event_of(14, EVENT_CLOSE, AUTHOR_SYSTEM, "The conversation is over.", OWNER_NOBODY);
	event.episode = 2;
	wire_event(out, &event, 12, false);
}

static void typing_agent(struct buf *out)
{
	wire_typing(out, "agent", "Anna", 0);
}

static void typing_bot(struct buf *out)
{
	wire_typing(out, "bot", "", 0);
}

static void pong(struct buf *out)
{
	wire_pong(out);
}

static void queue(struct buf *out)
{
	wire_queue(out, 2, 89001); /* rounded up */
}

static void queue_unknown(struct buf *out)
{
	wire_queue(out, 1, -1);
}

static void presence_open(struct buf *out)
{
	wire_presence(out, true, AT, 1);
}

static void presence_closed(struct buf *out)
{
	wire_presence(out, false, AT, 0);
}

static void read_visitor(struct buf *out)
{
	wire_read(out, 7, 0);
}

static void error_limited(struct buf *out)
{
	wire_error_frame(out, "rate_limited", "Please wait a moment.", "m-8", 2000, 0);
}

static void error_plain(struct buf *out)
{
	wire_error_frame(out, "bad_json", "this is not a JSON object", "", 0, 0);
}

static void agent_welcome(struct buf *out)
{
	const struct wire_summary inbox[] = { waiting(), ticket() };
	wire_agent_welcome(out,
			   &(struct wire_agent_welcome){ anna, "Larkspur & Finch", both, 2, inbox, 2, 4711, corpus });
}

static void agent_event_message(struct buf *out)
{
	struct event event = event_of(3, EVENT_MESSAGE, AUTHOR_VISITOR, "this is useless", OWNER_BOT);
	event.id = 101;
	event.client_id = "m-3";
	event.polarity = -0.7;
	event.frustration = 0.81;
	event.language = "en";
	wire_event(out, &event, 12, true);
}

/* The details are printed first, as the server does before it stores them. */
static struct event decision_event(struct buf *details)
{
	const struct decision decision = upset_decision();
	wire_decision_details(details, &decision, 412);
	struct event event = event_of(4, EVENT_DECISION, AUTHOR_BOT, "", OWNER_BOT);
	event.id = 102;
	event.reason = REASON_UPSET;
	event.action = ACTION_HANDOVER;
	event.details = buf_text(details);
	return event;
}

static void agent_event_decision(struct buf *out)
{
	struct buf details = { 0 };
	struct event event = decision_event(&details);
	wire_event(out, &event, 12, true);
	buf_clear(&details);
}

static struct event note_event(void)
{
	struct event event = event_of(8, EVENT_NOTE, AUTHOR_AGENT, "Called the carrier.", OWNER_AGENT);
	event.id = 108;
	event.agent = 1;
	event.agent_name = "Anna";
	event.client_id = "k-3";
	return event;
}

static void agent_event_note(struct buf *out)
{
	struct event event = note_event();
	wire_event(out, &event, 12, true);
}

static void agent_event_rate_handover(struct buf *out)
{
	struct event event = event_of(9, EVENT_RATING, AUTHOR_AGENT, "", OWNER_AGENT);
	event.id = 109;
	event.agent = 1;
	event.agent_name = "Anna";
	event.rating.handover_right = 1;
	wire_event(out, &event, 12, true);
}

static void inbox(struct buf *out)
{
	const struct wire_summary summary = waiting();
	wire_inbox(out, &summary);
}

static void agent_event_tags(struct buf *out)
{
	struct event event = note_event();
	event.kind = EVENT_TAGS;
	event.text = "Refund due\n<b>late</b>";
	event.client_id = "k-4";
	wire_event(out, &event, 12, true);
}

static void inbox_tags(struct buf *out)
{
	struct wire_summary summary = waiting();
	summary.tags = "Refund due\n<b>late</b>";
	wire_inbox(out, &summary);
}

static void changed(struct buf *out)
{
	wire_changed(out, "replies");
}

static void gone(struct buf *out)
{
	wire_gone(out, 12);
}

static void conversation(struct buf *out)
{
	struct buf details = { 0 };
	const struct wire_summary summary = waiting();
	const struct event events[] = { decision_event(&details), note_event() };
	static const struct wire_earlier earlier[] = { { 1, AT - 9000, AT - 8000, REASON_ASKED, 4 },
						       { 2, AT - 7000, 0, REASON_NONE, -1 } };
	wire_conversation(out, &summary, events, 2, earlier, 2, suggested, 1);
	buf_clear(&details);
}

static void suggestions_frame(struct buf *out)
{
	wire_suggestions(out, 12, suggested, 1);
}

static void list(struct buf *out)
{
	const struct wire_summary rows[] = { ticket() };
	wire_list(out, FILTER_TICKETS, rows, 1, false);
}

static void agent_presence(struct buf *out)
{
	wire_agent_presence(out, both, 2);
}

static void typing_visitor(struct buf *out)
{
	wire_typing(out, "visitor", "", 12);
}

static void typing_of_agent(struct buf *out)
{
	wire_typing(out, "agent", "Ben", 12);
}

static void read_agent(struct buf *out)
{
	wire_read(out, 7, 12);
}

static void alert(struct buf *out)
{
	wire_alert(out, 12, "Ada has been waiting for two minutes.");
}

static void corpus_frame(struct buf *out)
{
	wire_corpus_frame(out, &corpus);
}

static void agent_ack(struct buf *out)
{
	wire_ack(out, &(struct wire_ack){ FRAME_CLAIM, "k-1", 6, AT, "", 12 });
}

static void agent_error(struct buf *out)
{
	wire_error_frame(out, "taken", "Ben has it.", "k-1", 0, 12);
}

static const struct {
	const char *sample;
	void (*write)(struct buf *out);
} rows[] = {
	{ "to-visitor-welcome-new", welcome_new },
	{ "to-visitor-welcome-resumed", welcome_resumed },
	{ "to-visitor-ack", ack },
	{ "to-visitor-ack-survey", ack_survey },
	{ "to-visitor-ack-export", ack_export },
	{ "to-visitor-event-message", event_message },
	{ "to-visitor-event-answer", event_answer },
	{ "to-visitor-event-handover", event_handover },
	{ "to-visitor-event-claim", event_claim },
	{ "to-visitor-event-agent-message", event_agent_message },
	{ "to-visitor-event-transfer", event_transfer },
	{ "to-visitor-event-return", event_return },
	{ "to-visitor-event-notice", event_notice },
	{ "to-visitor-event-rating", event_rating },
	{ "to-visitor-event-survey", event_survey },
	{ "to-visitor-event-contact", event_contact },
	{ "to-visitor-event-close", event_close },
	{ "to-visitor-typing-agent", typing_agent },
	{ "to-visitor-typing-bot", typing_bot },
	{ "to-visitor-pong", pong },
	{ "to-agent-pong", pong },
	{ "to-visitor-queue", queue },
	{ "to-visitor-queue-unknown", queue_unknown },
	{ "to-visitor-presence-open", presence_open },
	{ "to-visitor-presence-closed", presence_closed },
	{ "to-visitor-read", read_visitor },
	{ "to-visitor-error", error_limited },
	{ "to-visitor-error-plain", error_plain },
	{ "to-agent-welcome", agent_welcome },
	{ "to-agent-event-message", agent_event_message },
	{ "to-agent-event-decision", agent_event_decision },
	{ "to-agent-event-note", agent_event_note },
	{ "to-agent-event-rate-handover", agent_event_rate_handover },
	{ "to-agent-inbox", inbox },
	{ "to-agent-gone", gone },
	{ "to-agent-changed", changed },
	{ "to-agent-event-tags", agent_event_tags },
	{ "to-agent-inbox-tags", inbox_tags },
	{ "to-agent-conversation", conversation },
	{ "to-agent-suggestions", suggestions_frame },
	{ "to-agent-list", list },
	{ "to-agent-presence", agent_presence },
	{ "to-agent-typing-visitor", typing_visitor },
	{ "to-agent-typing-agent", typing_of_agent },
	{ "to-agent-read", read_agent },
	{ "to-agent-alert", alert },
	{ "to-agent-corpus", corpus_frame },
	{ "to-agent-ack", agent_ack },
	{ "to-agent-error", agent_error },
};
enum { ROWS = COUNT(rows) };

/* What was written must read back as the same tree. */
static void test_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		cJSON *sample = sample_load("tests/wire", rows[i].sample);
		struct buf out = { 0 };
		rows[i].write(&out);
		cJSON *written = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
		if (!cJSON_Compare(written, cJSON_GetObjectItem(sample, "frame"), true))
			fail_msg("%s: written as %s", rows[i].sample, buf_text(&out));
		cJSON_Delete(written);
		cJSON_Delete(sample);
		buf_clear(&out);
	}
}

static void test_samples_are_all_written(void **state)
{
	(void)state;
	char *names[200];
	size_t count = sample_names("tests/wire", "to-", names, 200);
	for (size_t i = 0; i < count; i++) {
		size_t row = 0;
		while (row < ROWS && strcmp(rows[row].sample, names[i]) != 0)
			row++;
		if (row == ROWS)
			fail_msg("%s.json is in no row", names[i]);
		free(names[i]);
	}
	assert_int_equal(count, ROWS);
}

/* ---- Hard texts ---- */

/* The text of an alert that holds `text`, as another reader sees it. */
static void assert_text_becomes(const char *text, const char *expected)
{
	struct buf out = { 0 };
	wire_alert(&out, 1, text);
	assert_true(utf8_is_valid(buf_str(&out)));
	cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	if (!read)
		fail_msg("not JSON: %s", buf_text(&out));
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(read, "text")), expected);
	cJSON_Delete(read);
	buf_clear(&out);
}

static void test_every_character_survives(void **state)
{
	(void)state;
	struct buf all = { 0 };
	for (uint32_t code = 1; code <= 0x10ffff; code++) {
		char bytes[4];
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		buf_add(&all, bytes, utf8_put(code, bytes));
		if (code % 997 == 0 || code == 0x10ffff) {
			assert_text_becomes(buf_text(&all), buf_text(&all));
			buf_reset(&all);
		}
	}
	buf_clear(&all);
}

static void test_malformed_bytes_are_repaired(void **state)
{
	(void)state;
	static const struct {
		const char *text, *repaired;
	} malformed[] = {
		{ "a\xff"
		  "b",
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\x80", "\xef\xbf\xbd" },
		{ "cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\xbd", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	};
	for (size_t i = 0; i < COUNT(malformed); i++)
		assert_text_becomes(malformed[i].text, malformed[i].repaired);
}

static void test_line_separators_are_escaped(void **state)
{
	(void)state;
	struct buf out = { 0 };
	wire_alert(&out, 1,
		   "a\xe2\x80\xa8"
		   "b\xe2\x80\xa9"
		   "c\x1b\x7f");
	assert_non_null(strstr(buf_text(&out), "a\\u2028b\\u2029c\\u001b\\u007f"));
	buf_clear(&out);
}

/* Frames are appended behind whatever the caller put there, be it a bracket. */
static void test_frames_append(void **state)
{
	(void)state;
	struct buf out = { 0 };
	buf_add_text(&out, "data: ");
	wire_gone(&out, 1);
	buf_add_char(&out, ',');
	wire_pair(&out, "needed", "true");
	wire_agents(&out, NULL, 0);
	assert_string_equal(buf_text(&out), "data: {\"type\":\"gone\",\"conversation\":1},{\"needed\":true}[]");
	buf_clear(&out);
}

/* ---- Numbers ---- */

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *printed;
	} numbers[] = {
		{ 0, "0" },
		{ 1, "1" },
		{ 0.5, "0.5" },
		{ -0.25, "-0.25" },
		{ 1.0 / 3, "0.333333" },
		{ 0.9999996, "1" },
		{ 0.0000004, "0" },
		{ -0.0000004, "0" },
		{ 12.000001, "12.000001" },
		{ 0.05, "0.05" },
		{ 999999999.5, "999999999.5" },
		{ 1e9, "1000000000" },
		{ 1e300, "1.0000000000000001e+300" },
		{ INFINITY, "0" },
		{ -INFINITY, "0" },
		{ NAN, "0" },
	};
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct buf out = { 0 };
		struct wire_summary summary = waiting();
		summary.mood = numbers[i].value;
		wire_summary(&out, &summary);
		char expected[80];
		snprintf(expected, sizeof expected, "\"running\":%s,", numbers[i].printed);
		if (!strstr(buf_text(&out), expected))
			fail_msg("%g: no %s in %s", numbers[i].value, expected, buf_text(&out));
		buf_clear(&out);
	}
}

static void test_whole_numbers(void **state)
{
	(void)state;
	static const int64_t numbers[] = { 1, 9, 10, 1234567890123, INT64_MAX, -1, INT64_MIN };
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct buf out = { 0 };
		char expected[80];
		wire_gone(&out, numbers[i]);
		snprintf(expected, sizeof expected, "{\"type\":\"gone\",\"conversation\":%lld}", (long long)numbers[i]);
		assert_string_equal(buf_text(&out), expected);
		buf_clear(&out);
	}
}

/* ---- Texts of every length, with every kind of byte at every place ---- */

static void test_escapes_anywhere(void **state)
{
	(void)state;
	enum { LONGEST = 40 };
	static const char *const bits[] = { "\"", "\\", "\x1f", "\x7f", "\n", "\xc3\xa9", " ", "~" };
	for (size_t len = 0; len <= LONGEST; len++)
		for (size_t at = 0; at <= len; at++)
			for (size_t i = 0; i < COUNT(bits); i++) {
				char text[LONGEST + 8];
				struct buf out = { 0 };
				memset(text, 'a', len);
				snprintf(text + at, sizeof text - at, "%s%.*s", bits[i], (int)(len - at),
					 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
				struct event event = note_event();
				event.text = text;
				wire_event(&out, &event, 12, true);
				cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
				assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(read, "text")), text);
				cJSON_Delete(read);
				buf_clear(&out);
			}
}

/* ---- The reasons of a decision ---- */

/* The member "details" of what agents get, or NULL; to be deleted. */
static cJSON *shown_details(const char *kept)
{
	struct buf out = { 0 };
	struct event event = event_of(4, EVENT_DECISION, AUTHOR_BOT, "", OWNER_BOT);
	event.details = kept;
	wire_event(&out, &event, 12, true);
	cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	if (!read)
		fail_msg("%s", buf_text(&out));
	cJSON *details = cJSON_DetachItemFromObject(read, "details");
	cJSON_Delete(read);
	buf_clear(&out);
	return details;
}

static const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
}

/* What visitors wrote is among the reasons: no text of theirs is taken for the end of a value. */
static void test_any_text_may_be_a_reason(void **state)
{
	(void)state;
	static const char *const terms[] = { "",     "parcel",  "a\nb", "\n",       "\"", "\\",   "\\n",
					     "{[,:", "1\n2\n3", "né€",  "\x01\x1f", "7",  "true", "\xe2\x80\xa8" };
	for (size_t i = 0; i < COUNT(terms); i++) {
		struct decision decision = upset_decision();
		struct buf kept = { 0 };
		decision.why[0].term = decision.mood_words[0].term = decision.candidates[1].intent = terms[i];
		decision.language = terms[i];
		wire_decision_details(&kept, &decision, 412);
		cJSON *shown = shown_details(buf_text(&kept));
		const cJSON *mood = cJSON_GetObjectItem(shown, "mood");
		assert_string_equal(text_of(cJSON_GetObjectItem(shown, "why")->child, "term"), terms[i]);
		assert_string_equal(text_of(cJSON_GetObjectItem(mood, "words")->child, "word"), terms[i]);
		assert_string_equal(text_of(cJSON_GetObjectItem(mood, "words")->child, "family"), "insult");
		assert_string_equal(text_of(cJSON_GetObjectItem(shown, "candidates")->child->next, "intent"), terms[i]);
		assert_string_equal(text_of(shown, "lang"), terms[i]);
		assert_string_equal(text_of(shown, "corpus"), decision.corpus);
		assert_int_equal(cJSON_GetNumberValue(cJSON_GetObjectItem(shown, "took_us")), 412);
		cJSON_Delete(shown);
		buf_clear(&kept);
	}
}

/* With any number of lines less it is still an object; as another version writes it, nothing. */
static void test_reasons_that_are_cut_off(void **state)
{
	(void)state;
	const struct decision decision = upset_decision();
	struct buf kept = { 0 };
	size_t lines = 0;
	wire_decision_details(&kept, &decision, 412);
	for (char *end; (end = strrchr(kept.data, '\n')); lines++) {
		cJSON *shown = shown_details(kept.data);
		assert_non_null(shown);
		cJSON_Delete(shown);
		*end = '\0';
	}
	assert_true(lines > 20);
	assert_null(shown_details(""));
	assert_null(shown_details("2\nanswer\n"));
	buf_clear(&kept);
}

/* ---- What is embedded as it is ---- */

static void test_opaque_texts(void **state)
{
	(void)state;
	static const char *const opaque[] = { "{}", "{\"a\":[1,{\"b\":null}]}", "" };
	for (size_t i = 0; i < COUNT(opaque); i++) {
		struct buf out = { 0 };
		struct event event = note_event();
		event.details = opaque[i];
		wire_event(&out, &event, 12, true);
		cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
		assert_non_null(read);
		cJSON *expected = cJSON_Parse(opaque[i]);
		const cJSON *details = cJSON_GetObjectItem(read, "details");
		assert_int_equal(details != NULL, expected != NULL);
		assert_true(!expected || cJSON_Compare(details, expected, true));
		cJSON_Delete(expected);
		cJSON_Delete(read);
		buf_clear(&out);
	}
}

static void assert_profile(const char *before, const char *url, const struct wire_identity *who, const char *expected)
{
	struct buf out = { 0 };
	wire_profile(&out, before, url, "Cart", who);
	assert_string_equal(buf_text(&out), expected);
	/* and it fits where it is shown */
	struct wire_summary summary = waiting();
	struct buf shown = { 0 };
	summary.profile = buf_text(&out);
	wire_summary(&shown, &summary);
	cJSON *read = cJSON_ParseWithOpts(buf_text(&shown), NULL, true);
	assert_non_null(read);
	cJSON_Delete(read);
	buf_clear(&shown);
	buf_clear(&out);
}

static void test_profile(void **state)
{
	(void)state;
	static const struct option pairs[] = { { "plan", "v\"i\"p" }, { "x\ny", "1" } };
	const struct wire_identity who = {
		.subject = "42", .name = "", .email = "", .attributes = pairs, .attribute_count = 2
	};
	const struct wire_identity plain = { .subject = "42", .name = "", .email = "" };
	const char *full = "{\"page\":{\"url\":\"https://a/\",\"title\":\"Cart\"},"
			   "\"attributes\":{\"plan\":\"v\\\"i\\\"p\",\"x\\ny\":\"1\"}}";
	const char *page_only = "{\"page\":{\"url\":\"https://a/\",\"title\":\"Cart\"}}";
	assert_profile("", NULL, NULL, "{}");
	assert_profile(NULL, "https://a/", NULL, page_only);
	assert_profile("", "https://a/", &who, full);
	assert_profile(full, NULL, NULL, full);
	assert_profile(full, "", NULL, full);
	assert_profile(full, NULL, &plain, page_only);
	assert_profile(full, "https://b/", NULL,
		       "{\"page\":{\"url\":\"https://b/\",\"title\":\"Cart\"},"
		       "\"attributes\":{\"plan\":\"v\\\"i\\\"p\",\"x\\ny\":\"1\"}}");
	assert_profile("not JSON", NULL, NULL, "{}");
}

/* ---- HTTP and the command line ---- */

static void test_ask(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct decision decision = upset_decision();
	const struct intent intent = { .id = "complaint" };
	decision.intent = &intent;
	wire_ask(&out, &decision);
	assert_string_equal(
		buf_text(&out),
		"{\"action\":\"handover\",\"intent\":\"complaint\",\"answer\":\"I am fetching a colleague.\","
		"\"html\":\"<p>I am fetching a colleague.</p>\",\"confidence\":0.41,\"threshold\":0.72,"
		"\"candidates\":[{\"intent\":\"track-order\",\"confidence\":0.41},{\"intent\":\"complaint\","
		"\"confidence\":0.333333}],"
		"\"why\":[{\"term\":\"parcel\",\"weight\":0.8}],"
		"\"mood\":{\"score\":-0.7,\"frustration\":0.81,\"upset\":true,"
		"\"words\":[{\"word\":\"useless\",\"family\":\"insult\",\"weight\":0.6}]},"
		"\"reason\":\"upset\",\"lang\":\"en\",\"corpus\":\"00c0ffee00c0ffee\"}");
	buf_clear(&out);
}

static void test_mood(void **state)
{
	(void)state;
	static const struct {
		double polarity;
		const char *label;
	} labels[] = { { 0.05, "positive" },
		       { 0.049, "neutral" },
		       { 0, "neutral" },
		       { -0.049, "neutral" },
		       { -0.05, "negative" } };
	for (size_t i = 0; i < COUNT(labels); i++) {
		struct buf out = { 0 };
		const struct mood mood = { .polarity = labels[i].polarity,
					   .frustration = 0.5,
					   .is_upset = true,
					   .cues = { { 4, 11, "insult", 0.6 }, { 90, 99, "lost", 1 } },
					   .cue_count = 2 };
		wire_mood(&out, STR_LIT("you useless bot"), &mood);
		cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
		assert_non_null(read);
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(read, "label")), labels[i].label);
		assert_true(cJSON_IsTrue(cJSON_GetObjectItem(read, "upset")));
		const cJSON *words = cJSON_GetObjectItem(read, "words");
		assert_int_equal(cJSON_GetArraySize(words), 2);
		const cJSON *word = cJSON_GetObjectItem(cJSON_GetArrayItem(words, 0), "word");
		assert_string_equal(cJSON_GetStringValue(word), "useless");
		cJSON_Delete(read);
		buf_clear(&out);
	}
}

static void test_small_bodies(void **state)
{
	(void)state;
	struct buf out = { 0 };
	wire_http_error(&out, "forbidden", "not with this role");
	assert_string_equal(buf_text(&out), "{\"error\":{\"code\":\"forbidden\",\"message\":\"not with this role\"}}");
	buf_reset(&out);
	wire_session(&out, &anna);
	assert_string_equal(buf_text(&out), "{\"agent\":{\"id\":1,\"name\":\"Anna\",\"role\":\"owner\"}}");
	buf_reset(&out);
	wire_agents(&out, both, 2);
	assert_string_equal(
		buf_text(&out),
		"[{\"id\":1,\"name\":\"Anna\",\"role\":\"owner\",\"status\":\"available\",\"capacity\":4,\"load\":1},"
		"{\"id\":2,\"name\":\"Ben\",\"role\":\"agent\",\"status\":\"offline\",\"capacity\":3,\"load\":0}]");
	buf_reset(&out);
	wire_found(&out, NULL, 0);
	assert_string_equal(buf_text(&out), "{\"conversations\":[]}");
	buf_clear(&out);
}

static void test_numbers_page(void **state)
{
	(void)state;
	struct buf out = { 0 };
	struct report *report = report_new();
	int64_t by_hour[24] = { [23] = 7 };
	for (int i = 0; i < 31; i++) {
		struct episode episode = { .csat = i == 0 ? 4 : -1, .ces = -1, .nps = -1, .last_thumb = -1 };
		episode.close_ms = episode.back_ms = episode.wait_ms = -1;
		episode.response_ms = episode.response_after_handover_ms = -1;
		episode.handover_right = -1;
		episode.bot_answers = 2;
		episode.is_handed_over = i < 4;
		episode.has_waited = true;
		episode.reason = i < 4 ? REASON_ASKED : REASON_NONE;
		episode.wait_ms = i < 3 ? 1000 * (i + 1) : -1;
		report_add(report, &episode);
	}
	wire_numbers(&out, 1, 2, report, by_hour);
	cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	assert_non_null(read);
	assert_int_equal(cJSON_GetObjectItem(read, "from")->valueint, 1);
	assert_int_equal(cJSON_GetObjectItem(read, "episodes")->valueint, 31);
	assert_int_equal(cJSON_GetObjectItem(read, "answered")->valueint, 62);
	const cJSON *handed_over = cJSON_GetObjectItem(read, "handed_over");
	assert_int_equal(cJSON_GetArraySize(handed_over), 7);
	assert_int_equal(cJSON_GetObjectItem(handed_over, "asked")->valueint, 4);
	assert_int_equal(cJSON_GetObjectItem(read, "claimed")->valueint, 3);
	assert_int_equal(cJSON_GetObjectItem(read, "missed")->valueint, 1);
	const cJSON *wait = cJSON_GetObjectItem(read, "wait_s");
	assert_true(cJSON_GetObjectItem(wait, "median")->valuedouble == 2);
	assert_int_equal(cJSON_GetObjectItem(wait, "n")->valueint, 3);
	assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(read, "csat"), "sum")->valueint, 4);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(read, "by_hour")), 24);
	/* Each figure is the same in the line for programs, with its denominator; a share only where there are enough. */
	buf_reset(&out);
	wire_report(&out, 1, 2, report);
	cJSON *line = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	const cJSON *figure;
	size_t count;
	report_figures(report, &count);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(read, "figures")), count);
	cJSON_ArrayForEach(figure, cJSON_GetObjectItem(read, "figures"))
	{
		const cJSON *same = cJSON_GetObjectItem(line, cJSON_GetObjectItem(figure, "name")->valuestring), *value;
		assert_true(cJSON_GetArraySize(same) >= 2);
		cJSON_ArrayForEach(value, same)
			assert_true(cJSON_Compare(value, cJSON_GetObjectItem(figure, value->string), true));
		const cJSON *whole = cJSON_GetObjectItem(figure, "whole");
		if (whole)
			assert_int_equal(cJSON_HasObjectItem(figure, "share"), whole->valueint >= SAMPLE_TOO_FEW);
	}
	cJSON_Delete(line);
	cJSON_Delete(read);
	report_free(report);
	buf_clear(&out);
}

static void test_settings(void **state)
{
	(void)state;
	struct settings settings = { .language = "en", .bot_name = "Finch", .color = "#1f5f4a", .position = "left" };
	static const struct nudge nudges[] = { { "cart", "/cart", 30000, "Questions?", true },
					       { "old", "/", 1, "x", false } };
	settings.name = "Larkspur & Finch";
	settings.nudges = nudges;
	settings.nudge_count = 2;
	settings.greeting.items[0].language = "en";
	settings.greeting.items[0].text = "Hello, a bot.";
	settings.greeting.count = 1;
	struct buf out = { 0 };
	wire_widget_config(&out, &settings);
	cJSON *read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	assert_non_null(read);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(read, "nudges")), 1);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(read, "greeting"), "en")),
			    "Hello, a bot.");
	cJSON_Delete(read);
	buf_reset(&out);
	wire_settings_page(&out, &settings);
	read = cJSON_ParseWithOpts(buf_text(&out), NULL, true);
	assert_non_null(read);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(read, "nudges")), 2);
	cJSON_Delete(read);
	buf_clear(&out);
}

static void test_corpus_page(void **state)
{
	(void)state;
	static const struct intent intents[] = {
		{ .id = "track-order",
		  .question = "Where is my order?",
		  .page = "Orders",
		  .place = { "orders.md", 3, 1 },
		  .example_count = 3,
		  .human = HUMAN_WHEN_UPSET,
		  .is_live = true },
	};
	static const struct language_corpus languages[] = {
		{ .language = "en", .intents = intents, .intent_count = 1 }
	};
	const struct corpus loaded = { .languages = languages, .language_count = 1 };
	struct buf out = { 0 };
	wire_corpus_page(&out, &corpus, &loaded);
	assert_non_null(strstr(buf_text(&out),
			       "\"languages\":[{\"language\":\"en\",\"intents\":[{\"id\":\"track-order\","
			       "\"question\":\"Where is my order?\",\"page\":\"Orders\",\"file\":\"orders.md\","
			       "\"examples\":3,"
			       "\"human\":\"when upset\",\"live\":true}]}]}"));
	buf_reset(&out);
	wire_corpus_page(&out, &corpus, NULL);
	assert_non_null(strstr(buf_text(&out), "\"languages\":[]}"));
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_samples_are_all_written),
		cmocka_unit_test(test_every_character_survives),
		cmocka_unit_test(test_malformed_bytes_are_repaired),
		cmocka_unit_test(test_line_separators_are_escaped),
		cmocka_unit_test(test_frames_append),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_whole_numbers),
		cmocka_unit_test(test_escapes_anywhere),
		cmocka_unit_test(test_any_text_may_be_a_reason),
		cmocka_unit_test(test_reasons_that_are_cut_off),
		cmocka_unit_test(test_opaque_texts),
		cmocka_unit_test(test_profile),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_mood),
		cmocka_unit_test(test_small_bodies),
		cmocka_unit_test(test_numbers_page),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_corpus_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
