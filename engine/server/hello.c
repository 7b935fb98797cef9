/* SPDX-License-Identifier: Apache-2.0 */
/* A visitor arrives: who and where it is, and which conversation its token opens or its first words begin. */
#include "server/internal.h"

#include "base/log.h"
#include "base/mem.h"
#include "dialogue/hours.h"
#include "dialogue/phrases.h"

#include <assert.h>
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

void visitor_page(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
{
	(void)origin;
	set_page(visitor, frame);
	if (visitor->live)
		set_profile(visitor, visitor->live);
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
		.consent = localized_text(&settings->consent, visitor->language),
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

/* What a visitor's token is good for. */
enum token_use {
	TOKEN_OPENS,  /* this conversation */
	TOKEN_BEGINS, /* this one, whose first words are on their way to the disk */
	TOKEN_FREE,   /* nothing is known under it */
	TOKEN_OTHERS, /* a conversation that is not for this visitor */
	TOKEN_FAILED, /* the disk cannot say; the connection is closed */
};

static enum token_use look_up(struct visitor *visitor, const char *token, struct live **out)
{
	struct hub *hub = visitor->peer.hub;
	struct error err = { 0 };
	unsigned char hash[TOKEN_HASH_BYTES];
	bool is_missing = true;
	int64_t id;
	secret_hash(token, hash);
	struct live *live = live_beginning(hub, hash);
	bool is_beginning = live != NULL;
	int status = is_beginning ? 0 : store_find_token(hub->store, hash, &id, &err);
	if (!status && !is_beginning)
		live = live_wake(hub, id, &is_missing, &err);
	if (status < 0 || (!live && !is_missing)) {
		log_line(LOG_ERROR, "a conversation cannot be read: %s", err.message);
		ws_close(visitor->peer.socket, 1011);
		return TOKEN_FAILED;
	}
	if (!live)
		return TOKEN_FREE;
	/* Signed in as somebody else: on a shared computer the token of the one before opens nothing. */
	bool is_others =
		visitor->identity && *live->row.subject && strcmp(live->row.subject, visitor->identity->claims.subject);
	if (live->is_erased || is_others)
		return TOKEN_OTHERS;
	*out = live;
	return is_beginning ? TOKEN_BEGINS : TOKEN_OPENS;
}

/* The conversation that the token opens; NULL after an answer. */
static struct live *live_of_token(struct visitor *visitor, const char *token, const struct origin *origin)
{
	static const struct rate_limit guesses = { .per_minute = 60, .burst = 120 };
	struct hub *hub = visitor->peer.hub;
	struct live *live = NULL;
	int64_t wait =
		limits_take(hub->options.limits, LIMIT_TOKENS, visitor->peer.address, guesses, clock_steady_ms());
	if (wait) {
		metrics_add(&hub->options.metrics->rate_limited, 1);
		tell_error(&visitor->peer, "rate_limited", "too many conversations were asked for", origin, wait, 0);
		return NULL;
	}
	enum token_use use = look_up(visitor, token, &live);
	if (use == TOKEN_OPENS) {
		limits_give(hub->options.limits, LIMIT_TOKENS, visitor->peer.address);
		return live;
	}
	if (use != TOKEN_FAILED)
		tell_error(&visitor->peer, "unknown_token", "this conversation is not there any more", origin, 0, 0);
	return NULL;
}

/* Everything above `last` that it holds, and what the visitor has to know of it now. */
static void go_on_from(struct visitor *visitor, int64_t last)
{
	struct live *live = visitor->live;
	visitor->sent_seq = last < live->row.seq ? last : live->row.seq;
	tell_missed(visitor);
	live->told_position = 0;
	visitor->peer.hub->queue_changed |= live->row.owner == OWNER_QUEUE;
}

void visitor_hello(struct visitor *visitor, const struct frame *frame, const struct origin *origin)
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
	if (live)
		go_on_from(visitor, frame->last);
}

/* ---- The first words ---- */

static_assert((int)TOKEN_OFFER_MAX <= (int)SECRET_CHARACTERS, "a token that a page offers has to fit");

bool visitor_is_beginning(const struct visitor *visitor)
{
	return !visitor->live || (!visitor->live->id && !visitor->live->first);
}

bool visitor_begin(struct visitor *visitor, const char *offer)
{
	struct live *live = NULL;
	enum token_use use = offer[0] ? look_up(visitor, offer, &live) : TOKEN_OTHERS;
	if (use == TOKEN_FAILED)
		return false;
	bool is_known = use == TOKEN_OPENS || use == TOKEN_BEGINS;
	if (visitor->live && (!is_known || live == visitor->live))
		return true; /* the disk refused its first words; it begins with these */
	if (is_known)
		live_detach(visitor);
	else
		live = live_new(visitor->peer.hub);
	if (use != TOKEN_OTHERS)
		strcpy(live->token.text, offer);
	if (!is_known)
		live->messages = visitor->messages;
	live_attach(live, visitor);
	set_profile(visitor, live);
	go_on_from(visitor, 0);
	return true;
}
