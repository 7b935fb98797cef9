/* SPDX-License-Identifier: Apache-2.0 */
/* Frames from outside, read by tables: a row per type and side, a row per field with what reads it. */
#include "text/utf8.h"
#include "wire/internal.h"

#include <string.h>

/* ---- What a field may be ---- */

struct reader {
	struct arena *arena;
	struct frame *out;
	int text_limit;
	struct wire_error *err;
};

struct field {
	const char *name;
	/* Checks `value` (NULL: missing) and keeps it; -1 with err. */
	int (*read)(const struct reader *reader, const struct field *field, const cJSON *value);
	size_t offset; /* in struct frame */
	int64_t min, max;
	bool is_required;
};

static void *place_of(const struct reader *reader, const struct field *field)
{
	return (char *)reader->out + field->offset;
}

/* `text` is all or the beginning of a text of the tree, which ends in a NUL and lives as long as the frame. */
static void keep_text(const struct reader *reader, const struct field *field, struct str text)
{
	bool is_whole = !text.ptr[text.len];
	*(const char **)place_of(reader, field) = is_whole ? text.ptr : arena_strdup(reader->arena, text);
}

static int read_text(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!json_is_text(value, field->min, field->max))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a text of %d to %d characters", field->name,
				   (int)field->min, (int)field->max);
	keep_text(reader, field, str_of(value->valuestring));
	return 0;
}

/* Something longer than `max` bytes is no reason to refuse: it is only shown. */
static int read_cut(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a text", field->name);
	keep_text(reader, field, utf8_cut(str_of(value->valuestring), (size_t)field->max));
	return 0;
}

/* Only web addresses are kept: agents see them as links, where `javascript:` would be a trap. */
static int read_url(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (read_cut(reader, field, value) != 0)
		return -1;
	const char **url = place_of(reader, field);
	struct str kept = str_of(*url);
	if (!str_equal_nocase(str_part(kept, 0, 7), STR_LIT("http://")) &&
	    !str_equal_nocase(str_part(kept, 0, 8), STR_LIT("https://")))
		*url = "";
	return 0;
}

/* White space and characters without ink, by ranges of code points. */
static bool is_blank_code(uint32_t code)
{
	static const struct {
		uint32_t from, to;
	} blanks[] = {
		{ 0, 0x20 },        { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x034f, 0x034f },   { 0x061c, 0x061c },
		{ 0x115f, 0x1160 }, { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },   { 0x2000, 0x200f },
		{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },   { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xe0000, 0xe0fff },
	};
	for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
		if (code >= blanks[i].from && code <= blanks[i].to)
			return true;
	return false;
}

static bool is_blank(struct str text)
{
	for (size_t at = 0; at < text.len;)
		if (!is_blank_code(utf8_next(text, &at)))
			return false;
	return true;
}

/* What a person wrote; `max` 0 stands for the limit of a message. These refusals have codes of their own, because a
 * page can tell its user what to do about them. */
static int read_speech(const struct reader *reader, const struct field *field, const cJSON *value)
{
	int max = field->max ? (int)field->max : reader->text_limit;
	if (!cJSON_IsString(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a text of %d to %d characters", field->name,
				   (int)field->min, max);
	struct str text = str_of(value->valuestring);
	if (utf8_count(text) > (size_t)max)
		return wire_refuse(reader->err, "too_long", "`%s` may have at most %d characters", field->name, max);
	if (field->min && is_blank(text))
		return wire_refuse(reader->err, "empty", "`%s` has no visible character", field->name);
	keep_text(reader, field, text);
	return 0;
}

/* Not more than can be told without sending mail: one @, both sides there, no white space or control characters. */
static bool looks_like_email(struct str text)
{
	size_t at = str_find(text, '@');
	if (at == 0 || at > 64 || text.len - at < 2 || text.len > 254)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte <= 0x20 || byte == 0x7f || strchr("<>(),;:\\\"[]", byte) || (byte == '@' && i != at))
			return false;
	}
	struct str host = str_part(text, at + 1, text.len);
	size_t dot = str_find(host, '.');
	return dot > 0 && dot + 1 < host.len && !str_ends(host, ".") && !is_blank(host);
}

static int read_email(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!cJSON_IsString(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a text", field->name);
	struct str text = str_trim(str_of(value->valuestring));
	if (!looks_like_email(text))
		return wire_refuse(reader->err, "bad_email", "this is not an e-mail address");
	keep_text(reader, field, text);
	return 0;
}

static int read_whole(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!json_is_whole(value, field->min, field->max, place_of(reader, field)))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a whole number from %lld to %lld",
				   field->name, (long long)field->min, (long long)field->max);
	return 0;
}

static int read_small(const struct reader *reader, const struct field *field, const cJSON *value)
{
	int64_t number;
	if (!json_is_whole(value, field->min, field->max, &number))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be a whole number from %d to %d", field->name,
				   (int)field->min, (int)field->max);
	*(int *)place_of(reader, field) = (int)number;
	return 0;
}

/* A boolean kept as 0 or 1, where -1 stands for "not said". */
static int read_verdict(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!cJSON_IsBool(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be true or false", field->name);
	*(int *)place_of(reader, field) = cJSON_IsTrue(value);
	return 0;
}

static int read_true(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!cJSON_IsTrue(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be true", field->name);
	*(bool *)place_of(reader, field) = true;
	return 0;
}

static int read_consent(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!value || cJSON_IsFalse(value))
		return wire_refuse(reader->err, "consent_missing",
				   "an e-mail address is only kept with consent: `%s` must be true", field->name);
	return read_true(reader, field, value);
}

static int read_status(const struct reader *reader, const struct field *field, const cJSON *value)
{
	const char *word = cJSON_IsString(value) ? value->valuestring : "";
	bool is_available = strcmp(word, "available") == 0;
	if (!is_available && strcmp(word, "away") != 0)
		return wire_refuse(reader->err, "bad_frame", "`%s` must be \"available\" or \"away\"", field->name);
	*(bool *)place_of(reader, field) = is_available;
	return 0;
}

static const char *const filter_names[] = { "waiting", "mine", "all", "tickets" };

static int read_filter(const struct reader *reader, const struct field *field, const cJSON *value)
{
	const char *word = cJSON_IsString(value) ? value->valuestring : "";
	for (int i = 0; i < 4; i++) {
		if (strcmp(word, filter_names[i]) != 0)
			continue;
		*(enum list_filter *)place_of(reader, field) = (enum list_filter)i;
		return 0;
	}
	return wire_refuse(reader->err, "bad_frame", "`%s` must be \"waiting\", \"mine\", \"all\" or \"tickets\"",
			   field->name);
}

static int read_fields(const struct reader *reader, const struct field *fields, const cJSON *object);

static int read_page(const struct reader *reader, const struct field *field, const cJSON *value);

/* ---- The tables ---- */

#define REQUIRED true
#define OPTIONAL false
#define FIELD(name, read, member, min, max, need)                          \
	{                                                                  \
		name, read, offsetof(struct frame, member), min, max, need \
	}
#define CLIENT_ID(need) FIELD("client_id", read_text, client_id, 1, CLIENT_ID_MAX, need)
#define OFFER           FIELD("token", read_text, token, TOKEN_OFFER_MIN, TOKEN_OFFER_MAX, OPTIONAL)
#define CONVERSATION    FIELD("conversation", read_whole, conversation, 1, WHOLE_MAX, REQUIRED)
#define SEQ             FIELD("seq", read_whole, seq, 1, WHOLE_MAX, REQUIRED)
#define LAST(name)      FIELD(name, read_whole, last, 0, WHOLE_MAX, OPTIONAL)
#define TEXT(need)      FIELD("text", read_speech, text, 1, 0, need)
#define URL(need)       FIELD("url", read_url, page_url, 0, PAGE_URL_MAX, need)
#define TITLE(need)     FIELD("title", read_cut, page_title, 0, PAGE_TITLE_MAX, need)
#define FIELDS(...)     ((const struct field[]){ __VA_ARGS__, { 0 } })
#define NO_FIELDS       ((const struct field[]){ { 0 } })

enum {
	ID_CHARACTERS_MAX = 200, /* of an intent or a button */
	QUESTION_CHARACTERS_MAX = CORPUS_EXAMPLE_CHARACTERS_MAX,
	CAPACITY_MAX = 50,
	LIST_LIMIT_USUAL = 50,
};

static int read_page(const struct reader *reader, const struct field *field, const cJSON *value)
{
	if (!cJSON_IsObject(value))
		return wire_refuse(reader->err, "bad_frame", "`%s` must be an object with `url` and `title`",
				   field->name);
	*(bool *)place_of(reader, field) = true;
	return read_fields(reader, FIELDS(URL(OPTIONAL), TITLE(OPTIONAL)), value);
}

static int check_page(const struct reader *reader)
{
	reader->out->has_page = true;
	return 0;
}

static int check_rate(const struct reader *reader)
{
	reader->out->rating.rates = reader->out->seq;
	return 0;
}

static int check_survey(const struct reader *reader)
{
	const struct rating *rating = &reader->out->rating;
	if (rating->csat < 0 && rating->ces < 0 && rating->nps < 0 && !rating->comment[0])
		return wire_refuse(reader->err, "bad_frame", "one of `csat`, `ces`, `nps` and `comment` must be there");
	return 0;
}

static int check_transfer(const struct reader *reader)
{
	if ((reader->out->to_agent != 0) == reader->out->to_queue)
		return wire_refuse(reader->err, "bad_frame", "either `agent` or `queue` must be there");
	return 0;
}

static int check_teach(const struct reader *reader)
{
	if (!reader->out->intent[0] == !reader->out->question[0])
		return wire_refuse(reader->err, "bad_frame", "either `intent` or `question` must be there");
	return 0;
}

/* One row a type and side. */
struct rule {
	enum frame_type type;
	const struct field *fields;                /* ends with a row without name */
	int (*check)(const struct reader *reader); /* of all fields together; or NULL */
};

static const struct rule visitor_rules[] = {
	{ FRAME_HELLO,
	  FIELDS(FIELD("token", read_text, token, 1, TOKEN_TEXT_MAX, OPTIONAL), LAST("last_seq"),
		 FIELD("lang", read_text, language, 0, 64, OPTIONAL),
		 FIELD("page", read_page, has_page, 0, 0, OPTIONAL),
		 FIELD("identity", read_text, identity, 0, JWT_BYTES_MAX, OPTIONAL)),
	  NULL },
	{ FRAME_MESSAGE, FIELDS(CLIENT_ID(REQUIRED), TEXT(REQUIRED), OFFER), NULL },
	{ FRAME_CHOOSE,
	  FIELDS(CLIENT_ID(REQUIRED), FIELD("option", read_text, option, 1, ID_CHARACTERS_MAX, REQUIRED), OFFER),
	  NULL },
	{ FRAME_PERSON, FIELDS(CLIENT_ID(REQUIRED), OFFER), NULL },
	{ FRAME_TYPING, NO_FIELDS, NULL },
	{ FRAME_READ, FIELDS(SEQ), NULL },
	{ FRAME_PAGE, FIELDS(URL(REQUIRED), TITLE(REQUIRED)), check_page },
	{ FRAME_RATE, FIELDS(SEQ, FIELD("helpful", read_verdict, rating.helpful, 0, 1, REQUIRED), CLIENT_ID(OPTIONAL)),
	  check_rate },
	{ FRAME_SURVEY,
	  FIELDS(FIELD("csat", read_small, rating.csat, 1, 5, OPTIONAL),
		 FIELD("ces", read_small, rating.ces, 1, 7, OPTIONAL),
		 FIELD("nps", read_small, rating.nps, 0, 10, OPTIONAL),
		 FIELD("comment", read_speech, rating.comment, 0, COMMENT_MAX_CHARACTERS, OPTIONAL),
		 CLIENT_ID(OPTIONAL)),
	  check_survey },
	{ FRAME_CONTACT,
	  FIELDS(FIELD("email", read_email, email, 3, 254, REQUIRED),
		 FIELD("consent", read_consent, has_consent, 1, 1, REQUIRED),
		 FIELD("name", read_text, name, 0, NAME_MAX_CHARACTERS, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  NULL },
	{ FRAME_CLOSE, FIELDS(CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_EXPORT, FIELDS(CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_ERASE, FIELDS(CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_PING, NO_FIELDS, NULL },
	{ FRAME_NONE, NULL, NULL },
};

static const struct rule agent_rules[] = {
	{ FRAME_HELLO, FIELDS(LAST("last"), CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_PRESENCE,
	  FIELDS(FIELD("status", read_status, is_available, 0, 0, REQUIRED),
		 FIELD("capacity", read_small, capacity, 1, CAPACITY_MAX, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  NULL },
	{ FRAME_OPEN, FIELDS(CONVERSATION, LAST("last_seq"), CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_CLAIM, FIELDS(CONVERSATION, CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_MESSAGE, FIELDS(CONVERSATION, CLIENT_ID(REQUIRED), TEXT(REQUIRED)), NULL },
	{ FRAME_NOTE, FIELDS(CONVERSATION, TEXT(REQUIRED), CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_TAG,
	  FIELDS(CONVERSATION, FIELD("tag", read_speech, text, 1, TAG_CHARACTERS_MAX, REQUIRED),
		 FIELD("remove", read_true, is_removal, 1, 1, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  NULL },
	{ FRAME_TRANSFER,
	  FIELDS(CONVERSATION, FIELD("agent", read_whole, to_agent, 1, WHOLE_MAX, OPTIONAL),
		 FIELD("queue", read_true, to_queue, 1, 1, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  check_transfer },
	{ FRAME_RETURN, FIELDS(CONVERSATION, CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_CLOSE, FIELDS(CONVERSATION, CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_RATE_HANDOVER,
	  FIELDS(CONVERSATION, FIELD("right", read_verdict, rating.handover_right, 0, 1, REQUIRED),
		 CLIENT_ID(OPTIONAL)),
	  NULL },
	{ FRAME_TYPING, FIELDS(CONVERSATION), NULL },
	{ FRAME_READ, FIELDS(CONVERSATION, SEQ), NULL },
	{ FRAME_SUGGEST, FIELDS(CONVERSATION, TEXT(OPTIONAL), CLIENT_ID(OPTIONAL)), NULL },
	{ FRAME_TEACH,
	  FIELDS(CONVERSATION, SEQ, FIELD("intent", read_text, intent, 1, ID_CHARACTERS_MAX, OPTIONAL),
		 FIELD("question", read_text, question, 1, QUESTION_CHARACTERS_MAX, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  check_teach },
	{ FRAME_LIST,
	  FIELDS(FIELD("filter", read_filter, filter, 0, 0, REQUIRED),
		 FIELD("before", read_whole, before, 0, WHOLE_MAX, OPTIONAL),
		 FIELD("limit", read_small, limit, 1, LIST_LIMIT_MAX, OPTIONAL), CLIENT_ID(OPTIONAL)),
	  NULL },
	{ FRAME_PING, NO_FIELDS, NULL },
	{ FRAME_NONE, NULL, NULL },
};

const char *frame_type_name(enum frame_type type)
{
	static const char *const names[] = {
		[FRAME_NONE] = "",           [FRAME_HELLO] = "hello",
		[FRAME_MESSAGE] = "message", [FRAME_CHOOSE] = "choose",
		[FRAME_PERSON] = "person",   [FRAME_TYPING] = "typing",
		[FRAME_READ] = "read",       [FRAME_PAGE] = "page",
		[FRAME_RATE] = "rate",       [FRAME_SURVEY] = "survey",
		[FRAME_CONTACT] = "contact", [FRAME_CLOSE] = "close",
		[FRAME_EXPORT] = "export",   [FRAME_ERASE] = "erase",
		[FRAME_PING] = "ping",       [FRAME_PRESENCE] = "presence",
		[FRAME_OPEN] = "open",       [FRAME_CLAIM] = "claim",
		[FRAME_NOTE] = "note",       [FRAME_TRANSFER] = "transfer",
		[FRAME_RETURN] = "return",   [FRAME_RATE_HANDOVER] = "rate_handover",
		[FRAME_SUGGEST] = "suggest", [FRAME_TEACH] = "teach",
		[FRAME_LIST] = "list",       [FRAME_TAG] = "tag",
	};
	return (size_t)type < sizeof names / sizeof *names ? names[type] : "";
}

const char *list_filter_name(enum list_filter filter)
{
	return (size_t)filter < sizeof filter_names / sizeof *filter_names ? filter_names[filter] : "";
}

/* ---- Reading by them ---- */

/* The values of `fields` in `object`; unknown members are passed over. A name given twice is refused: readers differ
 * in which one they take, and what one checked another would use. */
static int read_fields(const struct reader *reader, const struct field *fields, const cJSON *object)
{
	uint32_t seen = 0;
	for (const cJSON *member = object->child; member; member = member->next) {
		size_t i = 0;
		while (fields[i].name && strcmp(fields[i].name, member->string) != 0)
			i++;
		if (!fields[i].name)
			continue;
		if (seen & UINT32_C(1) << i)
			return wire_refuse(reader->err, "bad_frame", "`%s` is there twice", fields[i].name);
		seen |= UINT32_C(1) << i;
		if (fields[i].read(reader, &fields[i], member) != 0)
			return -1;
	}
	for (size_t i = 0; fields[i].name; i++)
		if (fields[i].is_required && !(seen & UINT32_C(1) << i))
			return fields[i].read(reader, &fields[i], NULL);
	return 0;
}

static struct frame blank_frame(void)
{
	return (struct frame){
		.client_id = "",
		.token = "",
		.language = "",
		.identity = "",
		.page_url = "",
		.page_title = "",
		.text = "",
		.option = "",
		.name = "",
		.email = "",
		.intent = "",
		.question = "",
		.limit = LIST_LIMIT_USUAL,
		.rating = { .helpful = -1, .csat = -1, .ces = -1, .nps = -1, .handover_right = -1, .comment = "" },
	};
}

/* By the first letter, most are none. */
static bool is_type(struct str text, enum frame_type type)
{
	const char *name = frame_type_name(type);
	return text.ptr[0] == name[0] && str_is(text, name);
}

/* What an error's answer can name, kept before anything else is checked. */
static const struct rule *read_head(const struct reader *reader, const struct rule *rules, const cJSON *object)
{
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "client_id");
	if (json_is_text(id, 1, CLIENT_ID_MAX))
		reader->out->client_id = id->valuestring;
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(object, "type");
	if (!cJSON_IsString(type)) {
		wire_refuse(reader->err, "bad_frame", "`type` must be a text");
		return NULL;
	}
	while (rules->type != FRAME_NONE && !is_type(str_of(type->valuestring), rules->type))
		rules++;
	if (rules->type == FRAME_NONE) {
		struct str name = utf8_cut(str_of(type->valuestring), CLIENT_ID_MAX);
		wire_refuse(reader->err, "unknown_type", "there is no frame of type \"%.*s\"", STR_ARG(name));
		return NULL;
	}
	reader->out->type = rules->type;
	for (const cJSON *member = type->next; member; member = member->next) {
		if (strcmp(member->string, "type") == 0) {
			wire_refuse(reader->err, "bad_frame", "`type` is there twice");
			return NULL;
		}
	}
	return rules;
}

int wire_read_frame(struct arena *arena, enum frame_side side, struct str json, int text_limit, struct frame *out,
		    struct wire_error *err)
{
	*out = blank_frame();
	if (json.len > FRAME_BYTES_MAX)
		return wire_refuse(err, "too_long", "a frame may have at most %d bytes", FRAME_BYTES_MAX);
	bool has_nul = false;
	const cJSON *object = json_read_object(arena, json, &has_nul, err);
	if (!object)
		return -1;
	const struct reader reader = { arena, out, text_limit, err };
	const struct rule *rule = read_head(&reader, side == SIDE_VISITOR ? visitor_rules : agent_rules, object);
	int result = rule ? 0 : -1;
	if (rule && has_nul)
		result = wire_refuse(err, "bad_frame", "a text may not hold the character U+0000");
	if (result == 0)
		result = read_fields(&reader, rule->fields, object);
	if (result == 0 && rule->check)
		result = rule->check(&reader);
	return result;
}
