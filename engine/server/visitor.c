/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "server/cards.h"

#include <stdlib.h>
#include <string.h>

/* The path of a page's address. */
static const char *page_path(struct arena *arena, const char *url)
{
	const char *host = url ? strstr(url, "://") : NULL;
	const char *path = host ? strchr(host + 3, '/') : NULL;
	return path ? arena_strdup(arena, (struct str){ path, strcspn(path, "?#") }) : host ? "/" : "";
}

static struct input input_of(struct visitor *visitor, enum input_kind kind, const struct frame *frame)
{
	struct hub *hub = visitor->peer.hub;
	struct input input = input_blank(kind);
	input.client_id = frame->client_id;
	input.language = visitor->language;
	input.page_path = page_path(&hub->arena, visitor->page_url);
	input.has_variants = true;
	input.visits = visitor->live ? conversation_episode(visitor->live->state) : 1;
	if (visitor->identity) {
		input.subject = visitor->identity->claims.subject;
		input.attributes = visitor->identity->claims.attributes;
		input.attribute_count = visitor->identity->claims.attribute_count;
	}
	return input;
}

/* ---- What is said ---- */

/* By visitor first, then by address: one loud visitor does not silence the others behind the same line. */
static int64_t may_speak(struct visitor *visitor)
{
	struct hub *hub = visitor->peer.hub;
	const struct settings *settings = hub_settings(hub);
	int64_t now = clock_steady_ms();
	double per_minute = settings->messages_per_minute, lines = settings->connections_per_address;
	struct rate_limit own = { per_minute, per_minute }, shared = { per_minute * lines, per_minute * lines };
	struct rate_limit fresh = { lines < 30 ? 30 : lines, lines < 50 ? 100 : 2 * lines };
	struct bucket *bucket = visitor->live ? &visitor->live->messages : &visitor->messages;
	int64_t wait = bucket_take(bucket, own, now);
	if (!wait && (wait = limits_take(hub->options.limits, LIMIT_MESSAGES, visitor->peer.address, shared, now)))
		bucket_give(bucket);
	if (!wait && !visitor->live)
		wait = limits_take(hub->options.limits, LIMIT_CONVERSATIONS, visitor->peer.address, fresh, now);
	if (wait)
		metrics_add(&hub->options.metrics->rate_limited, 1);
	return wait;
}

/* Whatever is stored: the same again is answered at no cost, the rest within the limits. */
static void keep(struct visitor *visitor, const struct input *input, const char *offer, const struct origin *origin)
{
	if (visitor->live && !visitor->live->is_broken && step_repeat(visitor->live, input, origin))
		return;
	bool is_new = !visitor->live || !visitor->live->id;
	if (backlog_refuses(&visitor->peer, is_new ? BACKLOG_NEW : BACKLOG_RUNNING, origin, 0))
		return;
	int64_t wait = may_speak(visitor);
	if (wait) {
		tell_error(&visitor->peer, "rate_limited", "too many messages, please wait a moment", origin, wait, 0);
		return;
	}
	if (!visitor_is_beginning(visitor))
		step_take(visitor->live, input, origin);
	else if (visitor_begin(visitor, offer)) /* perhaps one in which this was said before */
		step_once(visitor->live, input, origin);
}

static void on_speech(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	enum input_kind kind = frame->type == FRAME_MESSAGE  ? INPUT_MESSAGE
			       : frame->type == FRAME_CHOOSE ? INPUT_CHOOSE
							     : INPUT_PERSON;
	struct hub *hub = visitor->peer.hub;
	struct input input = input_of(visitor, kind, frame);
	char *text = arena_strdup(&hub->arena, str_of(frame->text));
	cards_mask(text);
	input.text = str_of(text);
	input.option = frame->option;
	keep(visitor, &input, frame->token, origin);
}

static void on_rate(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, frame->type == FRAME_RATE ? INPUT_RATE : INPUT_SURVEY, frame);
	char *comment = arena_strdup(&visitor->peer.hub->arena, str_of(frame->rating.comment));
	cards_mask(comment);
	input.rating = frame->rating;
	input.rating.comment = comment;
	keep(visitor, &input, "", origin);
}

static void on_contact(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, INPUT_CONTACT, frame);
	char *name = arena_strdup(&visitor->peer.hub->arena, str_of(frame->name));
	cards_mask(name);
	input.contact_name = name;
	input.contact_email = frame->email;
	keep(visitor, &input, "", origin);
}

static void on_close(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, INPUT_CLOSE, frame);
	keep(visitor, &input, "", origin);
}

/* ---- What is told to agents only, never stored ---- */

static void on_typing(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	(void)frame, (void)origin;
	buf_reset(&hub->text);
	wire_typing(&hub->text, "visitor", "", visitor->live->id);
	tell_all_agents(hub, NULL);
}

static void on_read(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	(void)origin;
	buf_reset(&hub->text);
	wire_read(&hub->text, frame->seq, visitor->live->id);
	tell_all_agents(hub, NULL);
}

static void on_ping(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	(void)frame, (void)origin;
	tell_pong(&visitor->peer);
}

/* ---- One frame ---- */

/* What a frame needs, in one table. */
static const struct {
	void (*take)(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
	bool needs_conversation; /* a stored one */
	bool is_silent;          /* without one it is dropped, not refused */
} verbs[] = {
	[FRAME_HELLO] = { visitor_hello, false, false }, [FRAME_MESSAGE] = { on_speech, false, false },
	[FRAME_CHOOSE] = { on_speech, false, false },    [FRAME_PERSON] = { on_speech, false, false },
	[FRAME_TYPING] = { on_typing, true, true },      [FRAME_READ] = { on_read, true, true },
	[FRAME_PAGE] = { visitor_page, false, false },   [FRAME_RATE] = { on_rate, true, false },
	[FRAME_SURVEY] = { on_rate, true, false },       [FRAME_CONTACT] = { on_contact, true, false },
	[FRAME_CLOSE] = { on_close, true, false },       [FRAME_EXPORT] = { visitor_export, true, false },
	[FRAME_ERASE] = { visitor_erase, true, false },  [FRAME_PING] = { on_ping, false, true },
};

static void dispatch(struct visitor *visitor, const struct frame *frame)
{
	struct origin origin = { .of = frame->type, .client_id = frame->client_id };
	struct live *live = visitor->live;
	if (frame->type != FRAME_HELLO && !visitor->peer.is_welcome) {
		tell_error(&visitor->peer, "hello_first", "the first frame has to be hello", &origin, 0, 0);
		return;
	}
	if (verbs[frame->type].needs_conversation && (!live || !live->id)) {
		if (!verbs[frame->type].is_silent)
			tell_error(&visitor->peer, "no_conversation", "there is no conversation yet", &origin, 0, 0);
		return;
	}
	/* Idle visitors say hello and no more: they need no number by which an answer finds them later. */
	if (!verbs[frame->type].is_silent && frame->type != FRAME_PAGE && frame->type != FRAME_HELLO)
		origin = origin_of(&visitor->peer, frame);
	verbs[frame->type].take(visitor, frame, &origin);
}

void visitor_received(struct visitor *visitor, struct str text)
{
	struct hub *hub = visitor->peer.hub;
	const struct settings *settings = hub_settings(hub);
	struct frame frame;
	struct wire_error why;
	double most = settings->messages_per_minute * 4.0;
	struct rate_limit frames = { most < 1200 ? 1200 : most, most < 1600 ? 400 : most / 4 };
	int64_t wait = bucket_take(&visitor->peer.frames, frames, clock_steady_ms());
	if (wait) {
		tell_error(&visitor->peer, "rate_limited", "too many frames", NULL, wait, 0);
	} else if (wire_read_frame(&hub->arena, SIDE_VISITOR, text, settings->message_length, &frame, &why)) {
		struct origin origin = { .of = frame.type, .client_id = frame.client_id };
		bool is_early = !visitor->peer.is_welcome && frame.type != FRAME_HELLO && frame.type != FRAME_NONE;
		tell_error(&visitor->peer, is_early ? "hello_first" : why.code,
			   is_early ? "the first frame has to be hello" : why.message, &origin, 0, 0);
	} else {
		uint16_t errors = visitor->peer.errors;
		dispatch(visitor, &frame);
		if (visitor->peer.errors == errors)
			visitor->peer.errors = 0;
	}
	arena_reset(&hub->arena);
}

void visitor_closed(struct visitor *visitor)
{
	live_detach(visitor);
	free(visitor->page_url);
	free(visitor->page_title);
	if (visitor->identity)
		arena_clear(&visitor->identity->arena);
	free(visitor->identity);
}
