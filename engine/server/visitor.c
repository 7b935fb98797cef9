/* SPDX-License-Identifier: Apache-2.0 */
#include "server/internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "dialogue/hours.h"
#include "dialogue/phrases.h"
#include "server/cards.h"

#include <stdlib.h>
#include <string.h>

/* ---- Who and where ---- */

static void set_page(struct visitor *visitor, const struct frame *frame)
{
	if (!frame->has_page)
		return;
	free(visitor->page_url);
	free(visitor->page_title);
	visitor->page_url = frame->page_url[0] ? mem_strdup(frame->page_url) : NULL;
	visitor->page_title = frame->page_title[0] ? mem_strdup(frame->page_title) : NULL;
}

/* What agents see of the visitor, brought into the conversation. It reaches the disk with the next step. */
static void set_profile(struct visitor *visitor, struct live *live)
{
	struct hub *hub = visitor->peer.hub;
	const struct wire_identity *claims = visitor->identity ? &visitor->identity->claims : NULL;
	if (claims) {
		text_set(&live->row.subject, claims->subject);
		if (claims->name[0])
			text_set(&live->row.visitor_name, claims->name);
		if (claims->email[0])
			text_set(&live->row.visitor_email, claims->email);
	}
	if (!claims && !visitor->page_url)
		return;
	buf_reset(&hub->text);
	wire_profile(&hub->text, live->row.profile, visitor->page_url, visitor->page_title ? visitor->page_title : "",
		     claims);
	text_set(&live->row.profile, buf_text(&hub->text));
	live_touch(live);
}

static void set_identity(struct visitor *visitor, const char *token, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	struct known_visitor *known = mem_zalloc(1, sizeof *known);
	struct wire_error why;
	struct error err;
	struct str secret = { 0 };
	if (store_get_value(hub->store, &hub->arena, "identity_secret", &secret, &err))
		secret.len = 0;
	if (identity_verify(&known->arena, secret, token, clock_ms(), &known->claims, &why)) {
		tell_error(&visitor->peer, why.code, why.message, origin, 0, 0);
		arena_clear(&known->arena);
		free(known);
		return;
	}
	visitor->identity = known;
}

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

/* ---- hello ---- */

/* The language of the corpus that serves the page's, or "". "de-AT" is served by "de". */
static const char *served_language(struct hub *hub, const char *asked)
{
	const struct corpus *corpus = hub->snapshot->knowledge->corpus;
	char folded[LANGUAGE_BYTES];
	size_t len = 0;
	for (; asked[len] && asked[len] != '-' && asked[len] != '_' && len + 1 < sizeof folded; len++)
		folded[len] = (char)(asked[len] | 0x20);
	folded[len] = '\0';
	const struct language_corpus *language = len ? corpus_language(corpus, folded) : NULL;
	return language ? language->language : "";
}

static size_t suggestions_of(struct hub *hub, const char *language, struct option **out)
{
	const struct corpus *corpus = hub->snapshot->knowledge->corpus;
	const struct settings *settings = &corpus->settings;
	const struct language_corpus *words = corpus_language(corpus, language);
	size_t count = 0;
	*out = arena_zalloc(&hub->arena, settings->suggestion_count + 1, sizeof **out);
	for (size_t i = 0; words && i < settings->suggestion_count; i++) {
		uint32_t at = corpus_intent(words, str_of(settings->suggestions[i]));
		if (at != INTENT_NONE && words->intents[at].is_live)
			(*out)[count++] = (struct option){ words->intents[at].id, words->intents[at].question };
	}
	return count;
}

static void tell_welcome(struct visitor *visitor)
{
	struct hub *hub = visitor->peer.hub;
	struct live *live = visitor->live;
	const struct knowledge *knowledge = hub->snapshot->knowledge;
	const struct settings *settings = &knowledge->corpus->settings;
	struct opening_state hours = hours_at(settings, knowledge->zone, clock_ms());
	struct option *suggestions;
	int online, available;
	const char *language = live && *live->row.language ? live->row.language : visitor->language;
	if (!*language)
		language = settings->language;
	staff_count(hub, &online, &available);
	struct wire_welcome welcome = {
		.shop = settings->name,
		.bot = settings->bot_name,
		.greeting = localized_text(&settings->greeting, language),
		.language = language,
		.consent = settings->consent,
		.is_open = hours.is_open,
		.opens_ms = hours.opens_ms,
		.agents = available,
		.text_limit = settings->message_length,
		.survey = settings->survey,
	};
	welcome.suggestion_count = suggestions_of(hub, language, &suggestions);
	welcome.suggestions = suggestions;
	if (live && live->id) {
		welcome.conversation = live->id;
		welcome.seq = live->row.seq;
		welcome.owner = live->row.owner;
		welcome.episode = live->row.episode;
	}
	buf_reset(&hub->text);
	wire_welcome(&hub->text, &welcome);
	tell_peer(&visitor->peer);
}

/* The conversation that the token opens; NULL after an answer. */
static struct live *live_of_token(struct visitor *visitor, const char *token, const struct origin *origin)
{
	static const struct rate_limit guesses = { .per_minute = 60, .burst = 120 };
	struct hub *hub = visitor->peer.hub;
	struct live *live = NULL;
	struct error err = { 0 };
	unsigned char hash[TOKEN_HASH_BYTES];
	bool is_missing = true;
	int64_t id;
	int64_t wait =
		limits_take(hub->options.limits, LIMIT_TOKENS, visitor->peer.address, guesses, clock_steady_ms());
	if (wait) {
		metrics_add(&hub->options.metrics->rate_limited, 1);
		tell_error(&visitor->peer, "rate_limited", "too many conversations were asked for", origin, wait, 0);
		return NULL;
	}
	secret_hash(token, hash);
	int status = store_find_token(hub->store, hash, &id, &err);
	if (!status)
		live = live_wake(hub, id, &is_missing, &err);
	if (status < 0 || (!live && !is_missing)) {
		log_line(LOG_ERROR, "a conversation cannot be read: %s", err.message);
		ws_close(visitor->peer.socket, 1011);
		return NULL;
	}
	/* Signed in as somebody else: on a shared computer the token of the one before opens nothing. */
	bool is_others = live && visitor->identity && *live->row.subject &&
			 strcmp(live->row.subject, visitor->identity->claims.subject);
	if (!live || live->is_erased || is_others) {
		tell_error(&visitor->peer, "unknown_token", "this conversation is not there any more", origin, 0, 0);
		return NULL;
	}
	limits_give(hub->options.limits, LIMIT_TOKENS, visitor->peer.address);
	return live;
}

static void on_hello(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	struct live *live = NULL;
	if (visitor->peer.is_welcome) {
		tell_error(&visitor->peer, "hello_first", "hello was said already", origin, 0, 0);
		return;
	}
	visitor->peer.is_welcome = true;
	ws_greeted(visitor->peer.socket);
	strcpy(visitor->language, served_language(hub, frame->language));
	set_page(visitor, frame);
	if (frame->identity[0])
		set_identity(visitor, frame->identity, origin);
	if (frame->token[0])
		live = live_of_token(visitor, frame->token, origin);
	if (live) {
		live_attach(live, visitor);
		set_profile(visitor, live);
	}
	tell_welcome(visitor);
	if (!live)
		return;
	visitor->sent_seq = frame->last < live->row.seq ? frame->last : live->row.seq;
	tell_missed(visitor);
	live->told_position = 0;
	hub->queue_changed |= live->row.owner == OWNER_QUEUE;
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

static void begin(struct visitor *visitor)
{
	struct live *live = live_new(visitor->peer.hub);
	live->messages = visitor->messages;
	live_attach(live, visitor);
	visitor->sent_seq = 0;
	set_profile(visitor, live);
}

/* Whatever is stored: the same again is answered at no cost, the rest within the limits. */
static void keep(struct visitor *visitor, const struct input *input, const struct origin *origin)
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
	if (!visitor->live)
		begin(visitor);
	step_take(visitor->live, input, origin);
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
	keep(visitor, &input, origin);
}

static void on_rate(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, frame->type == FRAME_RATE ? INPUT_RATE : INPUT_SURVEY, frame);
	char *comment = arena_strdup(&visitor->peer.hub->arena, str_of(frame->rating.comment));
	cards_mask(comment);
	input.rating = frame->rating;
	input.rating.comment = comment;
	keep(visitor, &input, origin);
}

static void on_contact(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, INPUT_CONTACT, frame);
	char *name = arena_strdup(&visitor->peer.hub->arena, str_of(frame->name));
	cards_mask(name);
	input.contact_name = name;
	input.contact_email = frame->email;
	keep(visitor, &input, origin);
}

static void on_close(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct input input = input_of(visitor, INPUT_CLOSE, frame);
	keep(visitor, &input, origin);
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

static void on_page(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	(void)origin;
	set_page(visitor, frame);
	if (visitor->live)
		set_profile(visitor, visitor->live);
}

/* ---- What is stored about me ---- */

/* How often one address may have a whole conversation read, or one erased; the second is the writer's time. */
static bool is_too_often(struct visitor *visitor, enum limit_kind kind, const struct origin *origin)
{
	static const struct rate_limit rate = { .per_minute = 30, .burst = 60 };
	struct hub *hub = visitor->peer.hub;
	int64_t wait = limits_take(hub->options.limits, kind, visitor->peer.address, rate, clock_steady_ms());
	if (!wait)
		return false;
	metrics_add(&hub->options.metrics->rate_limited, 1);
	tell_error(&visitor->peer, "rate_limited", "too often, please wait a moment", origin, wait, 0);
	return true;
}

static void on_export(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	struct hub *hub = visitor->peer.hub;
	struct event *events;
	size_t count;
	struct error err;
	(void)frame;
	if (is_too_often(visitor, LIMIT_EXPORT, origin))
		return;
	if (store_load_events(hub->store, &hub->arena, visitor->live->id, 0, &events, &count, &err)) {
		tell_error(&visitor->peer, "not_saved", "this cannot be read just now", origin, RETRY_MS, 0);
		return;
	}
	struct wire_ack ack = {
		.of = FRAME_EXPORT, .client_id = origin->client_id, .token = "", .conversation = visitor->live->id
	};
	buf_reset(&hub->text);
	wire_export(&hub->text, &ack, events, count);
	tell_peer(&visitor->peer);
}

static int erase_at_disk(struct writing *writing, struct store *store, struct error *err)
{
	return store_erase(store, ((struct act *)(void *)writing)->conversation, err);
}

static void on_erased(struct act *act)
{
	struct hub *hub = act->hub;
	struct origin origin = { .peer = act->peer, .of = act->of, .client_id = act->client_id };
	struct peer *peer = peer_find(hub, act->peer);
	struct live *live = idmap_get(&hub->lives, (uint64_t)act->conversation);
	if (act->writing.status) {
		log_line(LOG_ERROR, "an erasure failed: %s", act->writing.error.message);
		if (peer)
			tell_error(peer, "not_saved", "not erased, please try again", &origin, RETRY_MS, 0);
		return;
	}
	struct visitor *visitor = (struct visitor *)(void *)peer; /* the peer is its first member */
	if (live && visitor && visitor->live == live) {
		live_detach(visitor); /* it asked for this: the ack says enough */
		visitor->sent_seq = 0;
	}
	if (live)
		live_gone(live);
	if (peer)
		tell_ack(peer, &origin, 0, 0, "", 0);
}

static void on_erase(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	(void)frame;
	if (backlog_refuses(&visitor->peer, BACKLOG_RUNNING, origin, 0) || is_too_often(visitor, LIMIT_ERASE, origin))
		return;
	struct act *act = act_new(visitor->peer.hub, origin, visitor->live->id);
	act->writing.act = erase_at_disk;
	act->done = on_erased;
	act_put(act);
}

/* ---- One frame ---- */

/* What a frame needs, in one table. */
static const struct {
	void (*take)(struct visitor *visitor, const struct frame *frame, const struct origin *origin);
	bool needs_conversation; /* a stored one */
	bool is_silent;          /* without one it is dropped, not refused */
} verbs[] = {
	[FRAME_HELLO] = { on_hello, false, false },   [FRAME_MESSAGE] = { on_speech, false, false },
	[FRAME_CHOOSE] = { on_speech, false, false }, [FRAME_PERSON] = { on_speech, false, false },
	[FRAME_TYPING] = { on_typing, true, true },   [FRAME_READ] = { on_read, true, true },
	[FRAME_PAGE] = { on_page, false, false },     [FRAME_RATE] = { on_rate, true, false },
	[FRAME_SURVEY] = { on_rate, true, false },    [FRAME_CONTACT] = { on_contact, true, false },
	[FRAME_CLOSE] = { on_close, true, false },    [FRAME_EXPORT] = { on_export, true, false },
	[FRAME_ERASE] = { on_erase, true, false },    [FRAME_PING] = { on_ping, false, true },
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
