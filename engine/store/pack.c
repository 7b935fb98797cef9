/* SPDX-License-Identifier: Apache-2.0 */
/* Events as bytes: of the event that a row is about what its columns do not say, then whole the events behind it.
 *
 *     rest    = event { event }
 *     event   = { tag value } 0         tags and what kind of value each has: the table below
 *     number  = varint                  of seven bits a byte, the lowest first; the sign is the lowest bit
 *     real    = 8 bytes                 IEEE 754, the lowest first
 *     text    = varint bytes            its length first
 *     buttons = varint { text text }    their number first; id and label of each
 *
 * An event mostly says little: what is as in event_blank(), or as in the event before it, is left out.
 *
 * Of a conversation the same way what nothing is looked for by and every message changes:
 *
 *     head    = { tag value } 0 */
#include "base/count.h"
#include "store/internal.h"
#include "text/utf8.h"

#include <string.h>

/* All fields, stored by their place in this list: add at the end, never change one. SMALL: an int or an enum. The first
 * three have columns of their own. */
/* clang-format off */
#define FIELDS(SMALL, NUMBER, REAL, TEXT, BUTTONS)                                                                  \
	SMALL(kind) SMALL(from) NUMBER(at_ms) NUMBER(agent) TEXT(agent_name) TEXT(client_id) TEXT(text) TEXT(html)  \
	BUTTONS(options) SMALL(owner) NUMBER(owner_agent) SMALL(episode) SMALL(reason) SMALL(action) TEXT(intent)   \
	REAL(confidence) REAL(polarity) REAL(frustration) TEXT(language) NUMBER(rating.rates) SMALL(rating.helpful) \
	SMALL(rating.csat) SMALL(rating.ces) SMALL(rating.nps) SMALL(rating.handover_right) TEXT(rating.comment)    \
	TEXT(contact_name) TEXT(contact_email) TEXT(segment) TEXT(variant) TEXT(details)
/* clang-format on */

enum value { NO_VALUE, SMALL, NUMBER, REAL, TEXT, BUTTONS };
#define SMALL_FIELD(member)   { SMALL, offsetof(struct event, member) },
#define NUMBER_FIELD(member)  { NUMBER, offsetof(struct event, member) },
#define REAL_FIELD(member)    { REAL, offsetof(struct event, member) },
#define TEXT_FIELD(member)    { TEXT, offsetof(struct event, member) },
#define BUTTONS_FIELD(member) { BUTTONS, offsetof(struct event, member) },
static const struct field {
	enum value value;
	size_t offset;
} fields[] = { { NO_VALUE, 0 }, FIELDS(SMALL_FIELD, NUMBER_FIELD, REAL_FIELD, TEXT_FIELD, BUTTONS_FIELD) };

/* The same of a head, stored by their place in this list as well. */
/* clang-format off */
#define HEAD_FIELDS(SMALL, NUMBER, REAL, TEXT)                                                                      \
	SMALL(last_from) NUMBER(last_at_ms) REAL(mood) SMALL(trend) TEXT(language) TEXT(intent) TEXT(last_text) \
	NUMBER(last_agent)
/* clang-format on */
#define SMALL_OF_ROW(member)  { SMALL, offsetof(struct conversation_row, member) },
#define NUMBER_OF_ROW(member) { NUMBER, offsetof(struct conversation_row, member) },
#define REAL_OF_ROW(member)   { REAL, offsetof(struct conversation_row, member) },
#define TEXT_OF_ROW(member)   { TEXT, offsetof(struct conversation_row, member) },
static const struct field head_fields[] = { { NO_VALUE, 0 },
					    HEAD_FIELDS(SMALL_OF_ROW, NUMBER_OF_ROW, REAL_OF_ROW, TEXT_OF_ROW) };

/* What an event says where nothing is written of it: the one that a row is about, as its columns say it ... */
static struct event base_of_row(const struct event *own)
{
	struct event base = event_blank();
	base.id = own->id;
	base.seq = own->seq;
	base.at_ms = own->at_ms;
	base.kind = own->kind;
	base.from = own->from;
	base.text = own->text;
	base.language = own->language;
	return base;
}

/* ... and one behind another. */
static struct event base_behind(const struct event *before)
{
	struct event base = event_blank();
	base.id = before->id + 1;
	base.seq = before->seq + 1;
	base.at_ms = before->at_ms;
	base.owner = before->owner;
	base.owner_agent = before->owner_agent;
	base.episode = before->episode;
	return base;
}

/* ---- Writing ---- */

static unsigned char *put_varint(unsigned char *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (unsigned char)(value | 0x80);
	*at++ = (unsigned char)value;
	return at;
}

enum { VARINT_MAX = 10 };

static void add_text(struct buf *out, struct str text)
{
	unsigned char *start = (unsigned char *)buf_room(out, VARINT_MAX + text.len);
	unsigned char *at = put_varint(start, text.len);
	memcpy(at, text.ptr, text.len);
	buf_grew(out, (size_t)(at - start) + text.len);
}

static void add_number(struct buf *out, unsigned char tag, int64_t value)
{
	unsigned char *head = (unsigned char *)buf_room(out, 1 + VARINT_MAX), *at = head;
	*at++ = tag;
	at = put_varint(at, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
	buf_grew(out, (size_t)(at - head));
}

static void add_real(struct buf *out, unsigned char tag, double value)
{
	unsigned char *at = (unsigned char *)buf_room(out, 1 + sizeof value);
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	*at++ = tag;
	for (size_t i = 0; i < sizeof bits; i++)
		*at++ = (unsigned char)(bits >> 8 * i);
	buf_grew(out, 1 + sizeof bits);
}

static void add_buttons(struct buf *out, unsigned char tag, const struct option *options, size_t count)
{
	unsigned char head[1 + VARINT_MAX];
	head[0] = tag;
	buf_add(out, head, (size_t)(put_varint(head + 1, count) - head));
	for (size_t i = 0; i < count; i++) {
		add_text(out, str_of(options[i].id));
		add_text(out, str_of(options[i].label));
	}
}

/* Straight on, field after field: most are not said. What is not a number is not said either. */
#define ADD_NUMBER(member)                \
	tag++;                            \
	if (from->member != base->member) \
		add_number(out, tag, (int64_t)from->member);
#define ADD_REAL(member)                          \
	tag++;                                    \
	if (from->member < 0 || from->member > 0) \
		add_real(out, tag, from->member);
#define ADD_TEXT(member)                             \
	tag++;                                       \
	if (from->member && *from->member) {         \
		buf_add_char(out, (char)tag);        \
		add_text(out, str_of(from->member)); \
	}
#define ADD_BUTTONS(member)     \
	tag++;                  \
	if (from->option_count) \
		add_buttons(out, tag, from->member, from->option_count);

static void pack_event(struct buf *out, const struct event *from, const struct event *base)
{
	unsigned char tag = 0;
	FIELDS(ADD_NUMBER, ADD_NUMBER, ADD_REAL, ADD_TEXT, ADD_BUTTONS)
	buf_add_char(out, '\0');
}

void events_pack(struct buf *out, const struct event *events, size_t count)
{
	struct event own = events[0], base = base_of_row(&own);
	own.text = own.language = ""; /* in columns of their own */
	pack_event(out, &own, &base);
	for (size_t i = 1; i < count; i++) {
		base = base_behind(&events[i - 1]);
		pack_event(out, &events[i], &base);
	}
}

void head_pack(struct buf *out, const struct conversation_row *row)
{
	static const struct conversation_row blank;
	const struct conversation_row *base = &blank;
	struct conversation_row cut = *row, *from = &cut;
	struct str text = utf8_cut(str_of(row->last_text), LAST_TEXT_BYTES);
	char last_text[LAST_TEXT_BYTES + 1];
	unsigned char tag = 0;
	memcpy(last_text, text.ptr, text.len);
	last_text[text.len] = '\0';
	cut.last_text = last_text;
	HEAD_FIELDS(ADD_NUMBER, ADD_NUMBER, ADD_REAL, ADD_TEXT)
	buf_add_char(out, '\0');
}

/* A person's line has to be a row of its own: rows are what is searched. */
bool events_fit_together(const struct event *events, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (events[i].from == AUTHOR_VISITOR || events[i].from == AUTHOR_AGENT ||
		    (events[i].from != AUTHOR_BOT && events[i].kind == EVENT_MESSAGE))
			return false;
	return true;
}

/* ---- Reading: bytes of a file, of which nothing is taken for granted ---- */

struct unpacking {
	struct arena *arena;
	const unsigned char *at, *end;
	bool is_broken;
};

static uint64_t take_varint(struct unpacking *in)
{
	uint64_t value = 0;
	for (unsigned shift = 0; in->at < in->end && shift < 64; shift += 7) {
		unsigned char byte = *in->at++;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	in->is_broken = true;
	return 0;
}

static int64_t take_number(struct unpacking *in)
{
	uint64_t value = take_varint(in);
	return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

static double take_real(struct unpacking *in)
{
	uint64_t bits = 0;
	double value;
	if (in->end - in->at < (ptrdiff_t)sizeof bits) {
		in->is_broken = true;
		return 0;
	}
	for (size_t i = 0; i < sizeof bits; i++)
		bits |= (uint64_t)*in->at++ << 8 * i;
	memcpy(&value, &bits, sizeof value);
	return value == value ? value : 0;
}

static const char *take_text(struct unpacking *in)
{
	uint64_t len = take_varint(in);
	if (in->is_broken || len > (uint64_t)(in->end - in->at)) {
		in->is_broken = true;
		return "";
	}
	const char *text = arena_strdup(in->arena, (struct str){ (const char *)in->at, (size_t)len });
	in->at += len;
	return text;
}

static void take_buttons(struct unpacking *in, struct event *event)
{
	uint64_t count = take_varint(in);
	if (in->is_broken || count > (uint64_t)(in->end - in->at) / 2) { /* each has two lengths at least */
		in->is_broken = true;
		return;
	}
	struct option *options = arena_alloc(in->arena, (size_t)count * sizeof *options);
	for (size_t i = 0; i < count; i++) {
		options[i].id = take_text(in);
		options[i].label = take_text(in);
	}
	event->options = options;
	event->option_count = (size_t)count;
}

/* A field of `out`: of an event, when it is buttons. */
static void take_field(struct unpacking *in, const struct field *field, void *out)
{
	char *at = (char *)out + field->offset;
	int64_t number;
	int small;
	double real;
	const char *text;
	switch (field->value) {
	case SMALL:
		number = take_number(in);
		small = (int)number;
		in->is_broken |= small != number;
		memcpy(at, &small, sizeof small);
		return;
	case NUMBER:
		number = take_number(in);
		memcpy(at, &number, sizeof number);
		return;
	case REAL:
		real = take_real(in);
		memcpy(at, &real, sizeof real);
		return;
	case TEXT:
		text = take_text(in);
		memcpy(at, &text, sizeof text);
		return;
	case BUTTONS: take_buttons(in, out); return;
	case NO_VALUE: break;
	}
}

/* One event or head; what is not said of it stays. */
static bool unpack(struct unpacking *in, const struct field *known, size_t known_count, void *out)
{
	while (!in->is_broken && in->at < in->end) {
		unsigned char tag = *in->at++;
		if (!tag)
			return true;
		if (tag >= known_count)
			break;
		take_field(in, &known[tag], out);
	}
	return false;
}

/* A time that can be reckoned with: whatever the clock said, and far from where numbers end. */
static const int64_t AT_MS_MAX = INT64_C(1) << 53;

/* What others take for granted about an event that was stored. */
static bool is_sound(const struct event *event)
{
	return event->at_ms >= -AT_MS_MAX && event->at_ms <= AT_MS_MAX && event->kind >= EVENT_MESSAGE &&
	       event->kind <= EVENT_TAGS && event->from >= AUTHOR_VISITOR && event->from <= AUTHOR_SYSTEM &&
	       event->owner >= OWNER_BOT && event->owner <= OWNER_NOBODY && (unsigned)event->reason <= REASON_SEGMENT &&
	       (unsigned)event->action <= ACTION_HANDOVER && event->seq >= 1;
}

bool events_unpack(struct arena *arena, struct str bytes, const struct event *own, int64_t conversation,
		   struct event_vec *found)
{
	struct unpacking in = { .arena = arena, .at = (const unsigned char *)bytes.ptr };
	struct stored_event stored = { conversation, base_of_row(own) };
	in.end = in.at + bytes.len;
	for (;;) {
		if (!unpack(&in, fields, COUNT(fields), &stored.event) || !is_sound(&stored.event))
			return false;
		vec_push(found, stored);
		if (in.at == in.end)
			return true;
		struct event before = stored.event;
		stored.event = base_behind(&before);
	}
}

bool head_unpack(struct arena *arena, struct str bytes, struct conversation_row *row)
{
	struct unpacking in = { .arena = arena, .at = (const unsigned char *)bytes.ptr };
	in.end = in.at + bytes.len;
	row->language = row->intent = row->last_text = "";
	return unpack(&in, head_fields, COUNT(head_fields), row) && in.at == in.end;
}

/* ---- Layouts 6 and 7, where each of these was a column ---- */

static void old_field(sqlite3_value *value, const struct field *field, void *out)
{
	char *at = (char *)out + field->offset;
	int64_t number = sqlite3_value_int64(value);
	int small = (int)number;
	double real = sqlite3_value_double(value);
	const char *text = (const char *)sqlite3_value_text(value);
	if (!text) /* NULL */
		return;
	switch (field->value) {
	case SMALL: memcpy(at, &small, sizeof small); return;
	case NUMBER: memcpy(at, &number, sizeof number); return;
	case REAL: memcpy(at, &real, sizeof real); return;
	case TEXT: memcpy(at, &text, sizeof text); return;
	case BUTTONS:
	case NO_VALUE: break;
	}
}

/* The columns as PACKED_COLUMNS_6 lists them: the fields from `agent` on without the text and the language, which stay
 * columns. */
static void pack_old(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct event event = event_blank();
	struct arena arena = { 0 };
	struct buf out = { 0 };
	int at = 0;
	for (size_t tag = 4; tag < COUNT(fields) && at < count; tag++) {
		const struct field *field = &fields[tag];
		if (field->offset == offsetof(struct event, text) || field->offset == offsetof(struct event, language))
			continue; /* columns still */
		if (field->value == BUTTONS)
			event.options = options_read_in(&arena, (const char *)sqlite3_value_text(values[at++]),
							&event.option_count);
		else
			old_field(values[at++], field, &event);
	}
	events_pack(&out, &event, 1);
	sqlite3_result_blob64(context, out.data, out.len, SQLITE_TRANSIENT);
	buf_clear(&out);
	arena_clear(&arena);
}

/* The columns as PACKED_COLUMNS_7 lists them: the first fields of a head. */
static void pack_old_head(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct conversation_row row = { .language = "", .intent = "", .last_text = "" };
	struct buf out = { 0 };
	for (int i = 0; i < count; i++)
		old_field(values[i], &head_fields[i + 1], &row);
	head_pack(&out, &row);
	sqlite3_result_blob64(context, out.data, out.len, SQLITE_TRANSIENT);
	buf_clear(&out);
}

int pack_register(sqlite3 *db)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	int status = sqlite3_create_function(db, "packed_6", PACKED_COUNT_6, flags, NULL, pack_old, NULL, NULL);
	return status != SQLITE_OK ? status
				   : sqlite3_create_function(db, "packed_7", PACKED_COUNT_7, flags, NULL, pack_old_head,
							     NULL, NULL);
}
