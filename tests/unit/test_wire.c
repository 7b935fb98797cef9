/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: every sample frame, every bad one, the limits, claims and bodies. */
#include "wire/wire.h"

#include "wire_samples.h"

enum { TEXT_LIMIT = 4000 };

/* ---- A frame as a line, for comparing: all fields that are not as in a blank frame ---- */

static void show_text(struct buf *out, const char *name, const char *value)
{
	if (value[0])
		buf_printf(out, " %s=%s", name, value);
}

static void show_number(struct buf *out, const char *name, int64_t value, int64_t usual)
{
	if (value != usual)
		buf_printf(out, " %s=%lld", name, (long long)value);
}

static void show(struct buf *out, const struct frame *frame)
{
	buf_add_text(out, frame_type_name(frame->type));
	show_text(out, "client_id", frame->client_id);
	show_text(out, "token", frame->token);
	show_text(out, "lang", frame->language);
	show_text(out, "identity", frame->identity);
	show_number(out, "has_page", frame->has_page, 0);
	show_text(out, "url", frame->page_url);
	show_text(out, "title", frame->page_title);
	show_number(out, "last", frame->last, 0);
	show_text(out, "text", frame->text);
	show_text(out, "option", frame->option);
	show_number(out, "seq", frame->seq, 0);
	show_number(out, "rates", frame->rating.rates, 0);
	show_number(out, "helpful", frame->rating.helpful, -1);
	show_number(out, "csat", frame->rating.csat, -1);
	show_number(out, "ces", frame->rating.ces, -1);
	show_number(out, "nps", frame->rating.nps, -1);
	show_number(out, "right", frame->rating.handover_right, -1);
	show_text(out, "comment", frame->rating.comment);
	show_text(out, "name", frame->name);
	show_text(out, "email", frame->email);
	show_number(out, "consent", frame->has_consent, 0);
	show_number(out, "available", frame->is_available, 0);
	show_number(out, "capacity", frame->capacity, 0);
	show_number(out, "conversation", frame->conversation, 0);
	show_number(out, "to_agent", frame->to_agent, 0);
	show_number(out, "to_queue", frame->to_queue, 0);
	show_number(out, "remove", frame->is_removal, 0);
	show_text(out, "intent", frame->intent);
	show_text(out, "question", frame->question);
	show_number(out, "filter", frame->filter, FILTER_WAITING);
	show_number(out, "before", frame->before, 0);
	show_number(out, "limit", frame->limit, 50);
}

static const struct {
	const char *sample;
	const char *shown;
} good_rows[] = {
	{ "visitor-hello", "hello" },
	{ "visitor-hello-resume", "hello token=kT9v0aQ2mXw4cB7nE1yR5g lang=de-AT "
				  "identity=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2ln has_page=1 "
				  "url=https://shop.example/cart title=Ihr Warenkorb last=7" },
	{ "visitor-message", "message client_id=m-1 text=Wo ist mein Päckchen? 📦" },
	{ "visitor-message-token", "message client_id=m-1 token=kT9v0aQ2mXw4cB7nE1yR5g text=hello" },
	{ "visitor-message-unknown-field", "message client_id=m-9 text=hi" },
	{ "visitor-choose", "choose client_id=m-2 option=delivery-time" },
	{ "visitor-person", "person client_id=m-3" },
	{ "visitor-typing", "typing" },
	{ "visitor-read", "read seq=9" },
	{ "visitor-page", "page has_page=1 url=https://shop.example/returns?from=mail title=Returns" },
	{ "visitor-rate", "rate client_id=r-1 seq=3 rates=3 helpful=0" },
	{ "visitor-survey", "survey client_id=s-1 csat=5 ces=7 nps=10 comment=Quick & friendly" },
	{ "visitor-survey-comment", "survey comment=Nobody came." },
	{ "visitor-contact", "contact client_id=c-1 name=Ada Lovelace email=ada@example.com consent=1" },
	{ "visitor-close", "close client_id=x-1" },
	{ "visitor-export", "export" },
	{ "visitor-erase", "erase client_id=x-2" },
	{ "visitor-ping", "ping" },
	{ "agent-ping", "ping" },
	{ "agent-hello", "hello" },
	{ "agent-hello-resume", "hello last=4711" },
	{ "agent-presence", "presence available=1 capacity=4" },
	{ "agent-presence-away", "presence" },
	{ "agent-open", "open last=3 conversation=12" },
	{ "agent-claim", "claim client_id=k-1 conversation=12" },
	{ "agent-message", "message client_id=k-2 text=Hello, I am Anna. conversation=12" },
	{ "agent-note", "note client_id=k-3 text=Called the carrier. conversation=12" },
	{ "agent-tag", "tag client_id=k-4 text=Refund due conversation=12" },
	{ "agent-tag-remove", "tag text=Refund due conversation=12 remove=1" },
	{ "agent-transfer-agent", "transfer conversation=12 to_agent=2" },
	{ "agent-transfer-queue", "transfer conversation=12 to_queue=1" },
	{ "agent-return", "return conversation=12" },
	{ "agent-close", "close conversation=12" },
	{ "agent-rate-handover", "rate_handover right=1 conversation=12" },
	{ "agent-typing", "typing conversation=12" },
	{ "agent-read", "read seq=8 conversation=12" },
	{ "agent-suggest", "suggest conversation=12" },
	{ "agent-suggest-text", "suggest text=can i change my address conversation=12" },
	{ "agent-teach-intent", "teach seq=3 conversation=12 intent=track-order" },
	{ "agent-teach-question", "teach seq=3 conversation=12 question=Do you gift wrap?" },
	{ "agent-list", "list" },
	{ "agent-list-older", "list filter=2 before=1766311200000 limit=200" },
};
enum { GOOD_ROWS = COUNT(good_rows) };

static void test_samples(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < GOOD_ROWS; i++) {
		cJSON *sample = sample_load("tests/wire", good_rows[i].sample);
		char *bytes = sample_bytes(sample);
		struct frame frame;
		struct wire_error err;
		struct buf line = { 0 };
		if (wire_read_frame(&arena, sample_side(sample), str_of(bytes), TEXT_LIMIT, &frame, &err) != 0)
			fail_msg("%s: %s: %s", good_rows[i].sample, err.code, err.message);
		show(&line, &frame);
		if (strcmp(buf_text(&line), good_rows[i].shown) != 0)
			fail_msg("%s: read as \"%s\"", good_rows[i].sample, buf_text(&line));
		buf_clear(&line);
		free(bytes);
		cJSON_Delete(sample);
	}
	arena_clear(&arena);
}

/* No sample lies there that is not in the table. */
static void test_samples_are_all_read(void **state)
{
	(void)state;
	char *names[200];
	size_t count = sample_names("tests/wire", "visitor-", names, 200);
	count += sample_names("tests/wire", "agent-", names + count, 200 - count);
	for (size_t i = 0; i < count; i++) {
		size_t row = 0;
		while (row < GOOD_ROWS && strcmp(good_rows[row].sample, names[i]) != 0)
			row++;
		if (row == GOOD_ROWS)
			fail_msg("%s.json is in no row", names[i]);
		free(names[i]);
	}
	assert_int_equal(count, GOOD_ROWS);
}

static void check_bad(const char *name, const cJSON *sample)
{
	struct arena arena = { 0 };
	struct frame frame;
	struct wire_error err = { "", "" };
	char *bytes = sample_bytes(sample);
	const char *expected = cJSON_GetStringValue(cJSON_GetObjectItem(sample, "error"));
	if (wire_read_frame(&arena, sample_side(sample), str_of(bytes), TEXT_LIMIT, &frame, &err) == 0)
		fail_msg("%s: was let through", name);
	if (!expected || strcmp(err.code, expected) != 0)
		fail_msg("%s: refused with %s: %s", name, err.code, err.message);
	if (strlen(err.message) < 10)
		fail_msg("%s: the message says too little: \"%s\"", name, err.message);
	free(bytes);
	arena_clear(&arena);
}

static void test_bad_samples(void **state)
{
	(void)state;
	char *names[1000];
	size_t count = sample_names("tests/wire/bad", "", names, 1000);
	assert_true(count >= 60);
	for (size_t i = 0; i < count; i++) {
		cJSON *sample = sample_load("tests/wire/bad", names[i]);
		check_bad(names[i], sample);
		cJSON_Delete(sample);
		free(names[i]);
	}
}

/* cJSON is more generous than RFC 8259 in what means the same to everybody. */
static void test_what_is_let_pass(void **state)
{
	(void)state;
	static const struct {
		const char *json, *shown;
	} rows[] = {
		{ "{\"type\":\"read\",\"seq\":01}", "read seq=1" },
		{ "{\"type\":\"read\",\"seq\":1.}", "read seq=1" },
		{ "{\"type\":\"message\",\"client_id\":\"a\",\"text\":\"a\nb\"}", "message client_id=a text=a\nb" },
		{ "{\"type\":\"message\",\"client_id\":\"a\",\"text\":\"\\\\u0000\"}",
		  "message client_id=a text=\\u0000" },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct frame frame;
		struct wire_error err;
		struct buf line = { 0 };
		if (wire_read_frame(&arena, SIDE_VISITOR, str_of(rows[i].json), TEXT_LIMIT, &frame, &err) != 0)
			fail_msg("%s: %s", rows[i].json, err.message);
		show(&line, &frame);
		assert_string_equal(buf_text(&line), rows[i].shown);
		buf_clear(&line);
	}
	arena_clear(&arena);
}

/* A good frame with any field replaced by a value of any wrong type is either read or refused, never half of both:
 * what is refused names the field. */
static void test_fields_of_wrong_types(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"0", "-1", "1.5", "1e400", "[]", "null", "{}", "true", "\"0\"", "[[\"x\"]]"
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < GOOD_ROWS; i++) {
		cJSON *sample = sample_load("tests/wire", good_rows[i].sample);
		cJSON *frame_json = cJSON_GetObjectItem(sample, "frame");
		for (int field = 0; field < cJSON_GetArraySize(frame_json); field++) {
			for (size_t k = 0; k < COUNT(wrong); k++) {
				cJSON *changed = cJSON_Duplicate(frame_json, true);
				char *name = mem_strdup(cJSON_GetArrayItem(changed, field)->string);
				cJSON_ReplaceItemInObject(changed, name, cJSON_CreateRaw(wrong[k]));
				char *bytes = cJSON_PrintUnformatted(changed);
				struct frame frame;
				struct wire_error err;
				if (wire_read_frame(&arena, sample_side(sample), str_of(bytes), TEXT_LIMIT, &frame,
						    &err) != 0 &&
				    strcmp(err.code, "bad_frame") == 0 && !strstr(err.message, name))
					fail_msg("%s: \"%s\" does not name %s", bytes, err.message, name);
				cJSON_free(bytes);
				cJSON_Delete(changed);
				free(name);
				arena_reset(&arena);
			}
		}
		cJSON_Delete(sample);
	}
	arena_clear(&arena);
}

/* ---- Limits: at, and one above ---- */

/* A frame around `count` characters "é" in the place of %s. */
static char *frame_around(const char *format, size_t count)
{
	struct buf filler = { 0 }, out = { 0 };
	for (size_t i = 0; i < count; i++)
		buf_add_text(&filler, "é");
	const char *hole = strstr(format, "%s");
	buf_add(&out, format, (size_t)(hole - format));
	buf_add_str(&out, buf_str(&filler));
	buf_add_text(&out, hole + 2);
	buf_clear(&filler);
	return buf_take(&out);
}

static const struct {
	enum frame_side side;
	const char *format;
	size_t max;
	const char *code; /* of one more */
} limit_rows[] = {
	{ SIDE_VISITOR, "{\"type\":\"message\",\"client_id\":\"a\",\"text\":\"%s\"}", TEXT_LIMIT, "too_long" },
	{ SIDE_VISITOR, "{\"type\":\"person\",\"client_id\":\"%s\"}", CLIENT_ID_MAX, "bad_frame" },
	{ SIDE_VISITOR, "{\"type\":\"choose\",\"client_id\":\"a\",\"option\":\"%s\"}", 200, "bad_frame" },
	{ SIDE_VISITOR, "{\"type\":\"hello\",\"token\":\"%s\"}", TOKEN_TEXT_MAX, "bad_frame" },
	{ SIDE_VISITOR, "{\"type\":\"person\",\"client_id\":\"a\",\"token\":\"%s\"}", TOKEN_OFFER_MAX, "bad_frame" },
	{ SIDE_VISITOR, "{\"type\":\"hello\",\"identity\":\"%s\"}", JWT_BYTES_MAX, "bad_frame" },
	{ SIDE_VISITOR, "{\"type\":\"survey\",\"comment\":\"%s\"}", COMMENT_MAX_CHARACTERS, "too_long" },
	{ SIDE_VISITOR, "{\"type\":\"contact\",\"email\":\"a@example.com\",\"consent\":true,\"name\":\"%s\"}",
	  NAME_MAX_CHARACTERS, "bad_frame" },
	{ SIDE_AGENT, "{\"type\":\"note\",\"conversation\":1,\"text\":\"%s\"}", TEXT_LIMIT, "too_long" },
	{ SIDE_AGENT, "{\"type\":\"teach\",\"conversation\":1,\"seq\":1,\"question\":\"%s\"}", 1000, "bad_frame" },
};

static void test_text_limits(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(limit_rows); i++) {
		for (size_t more = 0; more <= 1; more++) {
			char *bytes = frame_around(limit_rows[i].format, limit_rows[i].max - 1 + more);
			char *above = frame_around(limit_rows[i].format, limit_rows[i].max + 1);
			struct frame frame;
			struct wire_error err;
			if (wire_read_frame(&arena, limit_rows[i].side, str_of(bytes), TEXT_LIMIT, &frame, &err) != 0)
				fail_msg("row %zu at its limit: %s", i, err.message);
			if (wire_read_frame(&arena, limit_rows[i].side, str_of(above), TEXT_LIMIT, &frame, &err) == 0)
				fail_msg("row %zu above its limit was let through", i);
			assert_string_equal(err.code, limit_rows[i].code);
			free(bytes);
			free(above);
		}
	}
	arena_clear(&arena);
}

static void test_shop_sets_the_text_limit(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct frame frame;
	struct wire_error err;
	struct str json = STR_LIT("{\"type\":\"message\",\"client_id\":\"a\",\"text\":\"12345\"}");
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, json, 5, &frame, &err), 0);
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, json, 4, &frame, &err), -1);
	assert_string_equal(err.code, "too_long");
	assert_non_null(strstr(err.message, " 4 "));
	arena_clear(&arena);
}

/* What only agents look at is cut between characters rather than refused, and only web addresses are kept. */
static void test_pages(void **state)
{
	(void)state;
	static const struct {
		const char *url, *kept;
	} rows[] = {
		{ "https://shop.example/a", "https://shop.example/a" },
		{ "HTTP://shop.example", "HTTP://shop.example" },
		{ "javascript:alert(1)//http://", "" },
		{ "data:text/html,x", "" },
		{ "about:blank", "" },
		{ "", "" },
	};
	struct arena arena = { 0 };
	struct frame frame;
	struct wire_error err;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *json = arena_printf(&arena, "{\"type\":\"page\",\"url\":\"%s\",\"title\":\"t\"}", rows[i].url);
		assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, str_of(json), TEXT_LIMIT, &frame, &err), 0);
		assert_string_equal(frame.page_url, rows[i].kept);
	}
	char *long_title = frame_around("{\"type\":\"page\",\"url\":\"https://a/\",\"title\":\"a%s\"}", PAGE_TITLE_MAX);
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, str_of(long_title), TEXT_LIMIT, &frame, &err), 0);
	assert_int_equal(strlen(frame.page_title), PAGE_TITLE_MAX - 1); /* no half "é" */
	free(long_title);
	arena_clear(&arena);
}

static int read_nested(size_t depth)
{
	struct arena arena = { 0 };
	struct buf json = { 0 };
	struct frame frame;
	struct wire_error err;
	buf_add_text(&json, "{\"type\":\"typing\",\"x\":");
	for (size_t i = 1; i < depth; i++)
		buf_add_char(&json, '[');
	for (size_t i = 1; i < depth; i++)
		buf_add_char(&json, ']');
	if (depth == 1)
		buf_add_char(&json, '0');
	buf_add_char(&json, '}');
	int result = wire_read_frame(&arena, SIDE_VISITOR, buf_str(&json), TEXT_LIMIT, &frame, &err);
	buf_clear(&json);
	arena_clear(&arena);
	return result;
}

static void test_depth_limit(void **state)
{
	(void)state;
	assert_int_equal(read_nested(1), 0);
	assert_int_equal(read_nested(FRAME_DEPTH_MAX - 1), 0);
	assert_int_equal(read_nested(FRAME_DEPTH_MAX), 0);
	assert_int_equal(read_nested(FRAME_DEPTH_MAX + 1), -1);
	assert_int_equal(read_nested(30000), -1);
}

static int read_padded(size_t bytes)
{
	struct arena arena = { 0 };
	struct buf json = { 0 };
	struct frame frame;
	struct wire_error err;
	buf_add_text(&json, "{\"type\":\"typing\"}");
	while (json.len < bytes)
		buf_add_char(&json, ' ');
	int result = wire_read_frame(&arena, SIDE_VISITOR, buf_str(&json), TEXT_LIMIT, &frame, &err);
	buf_clear(&json);
	arena_clear(&arena);
	return result;
}

static void test_frame_size_limit(void **state)
{
	(void)state;
	assert_int_equal(read_padded(FRAME_BYTES_MAX - 1), 0);
	assert_int_equal(read_padded(FRAME_BYTES_MAX), 0);
	assert_int_equal(read_padded(FRAME_BYTES_MAX + 1), -1);
}

/* What could be read before the mistake names the frame in the answer. */
static void test_refusals_name_the_frame(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct frame frame;
	struct wire_error err;
	struct str json = STR_LIT("{\"text\":17,\"type\":\"message\",\"client_id\":\"m-7\"}");
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, json, TEXT_LIMIT, &frame, &err), -1);
	assert_int_equal(frame.type, FRAME_MESSAGE);
	assert_string_equal(frame.client_id, "m-7");
	assert_string_equal(err.message, "`text` must be a text of 1 to 4000 characters");
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, STR_LIT("{\"type\":\"dance\",\"client_id\":\"m-8\"}"),
					 TEXT_LIMIT, &frame, &err),
			 -1);
	assert_int_equal(frame.type, FRAME_NONE);
	assert_string_equal(frame.client_id, "m-8");
	assert_string_equal(err.message, "there is no frame of type \"dance\"");
	assert_int_equal(wire_read_frame(&arena, SIDE_VISITOR, STR_LIT("\xff"), TEXT_LIMIT, &frame, &err), -1);
	assert_string_equal(err.code, "bad_json");
	assert_string_equal(frame.client_id, "");
	arena_clear(&arena);
}

/* ---- Claims ---- */

static const struct {
	const char *json;
	int result;
	const char *shown; /* subject|name|email|exp|nbf|attributes, or the field that the message names */
} identity_rows[] = {
	{ "{\"sub\":\"42\",\"name\":\"Ada\",\"email\":\"a@b.c\",\"exp\":1766311200,\"plan\":\"vip\",\"orders\":12,"
	  "\"trial\":false}",
	  0, "42|Ada|a@b.c|1766311200|0|plan=vip orders=12 trial=false " },
	{ "{\"exp\":1.5e9,\"iat\":1,\"iss\":\"x\",\"aud\":\"y\",\"jti\":\"z\",\"nbf\":1400000000.5}", 0,
	  "|||1500000000|1400000000|" },
	{ "{\"exp\":1,\"name\":null,\"email\":null,\"a\":null,\"b\":[1],\"c\":{},\"d\":0.1,\"e\":-0,\"\":1}", 0,
	  "|||1|0|d=0.1 e=0 " },
	{ "{}", -1, "exp" },
	{ "{\"exp\":\"1766311200\"}", -1, "exp" },
	{ "{\"exp\":null}", -1, "exp" },
	{ "{\"exp\":0}", -1, "exp" },
	{ "{\"exp\":1e400}", -1, "exp" },
	{ "{\"exp\":-5}", -1, "exp" },
	{ "{\"exp\":1,\"nbf\":\"now\"}", -1, "nbf" },
	{ "{\"exp\":1,\"sub\":42}", -1, "sub" },
	{ "{\"exp\":1,\"sub\":[\"42\"]}", -1, "sub" },
	{ "{\"exp\":1,\"name\":true}", -1, "name" },
	{ "{\"exp\":1,\"email\":{}}", -1, "email" },
	{ "{\"exp\":1,\"sub\":\"a\",\"sub\":\"b\"}", -1, "twice" },
	{ "{\"exp\":1,\"sub\":\"a\\u0000b\"}", -1, "U+0000" },
	{ "[1]", -1, "JSON object" },
	{ "", -1, "JSON object" },
};

static void test_identity(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(identity_rows); i++) {
		struct wire_identity who;
		struct wire_error err;
		struct buf line = { 0 };
		int result = wire_read_identity(&arena, str_of(identity_rows[i].json), &who, &err);
		if (result != identity_rows[i].result)
			fail_msg("%s gave %d", identity_rows[i].json, result);
		if (result == 0) {
			buf_printf(&line, "%s|%s|%s|%lld|%lld|", who.subject, who.name, who.email,
				   (long long)who.expires_s, (long long)who.not_before_s);
			for (size_t k = 0; k < who.attribute_count; k++)
				buf_printf(&line, "%s=%s ", who.attributes[k].id, who.attributes[k].label);
			assert_string_equal(buf_text(&line), identity_rows[i].shown);
		} else {
			assert_string_equal(err.code, "bad_identity");
			if (!strstr(err.message, identity_rows[i].shown))
				fail_msg("%s: \"%s\"", identity_rows[i].json, err.message);
		}
		buf_clear(&line);
	}
	arena_clear(&arena);
}

static void test_identity_has_a_bounded_number_of_attributes(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct buf json = { 0 };
	struct wire_identity who;
	struct wire_error err;
	buf_add_text(&json, "{\"exp\":1");
	for (int i = 0; i < 100; i++)
		buf_printf(&json, ",\"a%d\":%d", i, i);
	buf_add_char(&json, '}');
	assert_int_equal(wire_read_identity(&arena, buf_str(&json), &who, &err), 0);
	assert_int_equal(who.attribute_count, 32);
	buf_reset(&json);
	for (int i = 0; i < JWT_BYTES_MAX; i++)
		buf_add_char(&json, ' ');
	buf_add_text(&json, "{\"exp\":1}");
	assert_int_equal(wire_read_identity(&arena, buf_str(&json), &who, &err), -1);
	buf_clear(&json);
	arena_clear(&arena);
}

static void test_jwt_header(void **state)
{
	(void)state;
	static const struct {
		const char *json, *alg; /* NULL: refused */
	} rows[] = {
		{ "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "HS256" },
		{ "{\"typ\":\"JWT\",\"alg\":\"none\"}", "none" },
		{ "{\"typ\":\"JWT\"}", "" },
		{ "{\"alg\":[\"HS256\"]}", NULL },
		{ "{\"alg\":null}", NULL },
		{ "{\"alg\":\"none\",\"alg\":\"HS256\"}", NULL },
		{ "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", NULL },
		{ "{\"alg\":\"HS256\\u0000\"}", NULL },
		{ "\"HS256\"", NULL },
		{ "", NULL },
	};
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *alg = NULL;
		struct wire_error err;
		int result = wire_read_jwt_header(&arena, str_of(rows[i].json), &alg, &err);
		if (result != (rows[i].alg ? 0 : -1))
			fail_msg("%s gave %d", rows[i].json, result);
		if (rows[i].alg)
			assert_string_equal(alg, rows[i].alg);
	}
	arena_clear(&arena);
}

/* ---- Bodies ---- */

static void test_texts(void **state)
{
	(void)state;
	static const struct {
		const char *json, *code, *name, *password; /* code NULL: read */
	} rows[] = {
		{ "{\"name\":\"anna\",\"password\":\"pß\",\"more\":[1]}", NULL, "anna", "pß" },
		{ "{}", NULL, "", "" },
		{ "{\"name\":\"12345678\"}", NULL, "12345678", "" },
		{ "{\"name\":\"123456789\"}", "too_long", NULL, NULL },
		{ "{\"name\":null}", "bad_frame", NULL, NULL },
		{ "{\"password\":0}", "bad_frame", NULL, NULL },
		{ "{\"password\":[\"a\"]}", "bad_frame", NULL, NULL },
		{ "{\"name\":\"a\",\"name\":\"b\"}", "bad_frame", NULL, NULL },
		{ "{\"name\":\"a\\u0000\"}", "bad_frame", NULL, NULL },
		{ "name=anna", "bad_json", NULL, NULL },
		{ "[]", "bad_json", NULL, NULL },
	};
	static const char *const names[] = { "name", "password" };
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *values[2] = { "untouched", "untouched" };
		struct wire_error err;
		int result = wire_read_texts(&arena, str_of(rows[i].json), names, 2, 8, values, &err);
		if (result != (rows[i].code ? -1 : 0))
			fail_msg("%s gave %d", rows[i].json, result);
		assert_string_equal(values[0], rows[i].code ? "untouched" : rows[i].name);
		assert_string_equal(values[1], rows[i].code ? "untouched" : rows[i].password);
		if (rows[i].code)
			assert_string_equal(err.code, rows[i].code);
	}
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_samples_are_all_read),
		cmocka_unit_test(test_bad_samples),
		cmocka_unit_test(test_what_is_let_pass),
		cmocka_unit_test(test_fields_of_wrong_types),
		cmocka_unit_test(test_text_limits),
		cmocka_unit_test(test_shop_sets_the_text_limit),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_depth_limit),
		cmocka_unit_test(test_frame_size_limit),
		cmocka_unit_test(test_refusals_name_the_frame),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_identity_has_a_bounded_number_of_attributes),
		cmocka_unit_test(test_jwt_header),
		cmocka_unit_test(test_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
