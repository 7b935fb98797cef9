/* SPDX-License-Identifier: Apache-2.0 */
/* The reasons of a decision, as they are kept and as agents see them.
 *
 * They are written with every answer and read when somebody asks why, so they are kept without what is the same in all of
 * them: the values alone, in the order below, each as JSON would have it (a text without its quotes) and a line end behind
 * it; before a list its length. That is a third of the object in bytes and in time. Up to layout 6 of the data file the
 * object itself was kept: it is shown as it is. */
#include "wire/internal.h"

#include <stdlib.h>

/* The first line; another one is of a newer Shopbell. */
#define FORMAT "1"

/* ---- Keeping ---- */

static void put_text(struct buf *out, const char *text)
{
	json_put_line(out, str_of(text));
}

static void put_real(struct buf *out, double value)
{
	json_number(out, value);
	buf_add_char(out, '\n');
}

static void put_int(struct buf *out, int64_t value)
{
	json_integer(out, value);
	buf_add_char(out, '\n');
}

static void put_words(struct buf *out, const struct decision_word *words, size_t count, bool has_families)
{
	put_int(out, (int64_t)count);
	for (size_t i = 0; i < count; i++) {
		put_text(out, words[i].term);
		if (has_families)
			put_text(out, words[i].family);
		put_real(out, words[i].weight);
	}
}

void wire_decision_details(struct buf *out, const struct decision *decision, int64_t took_us)
{
	buf_add_text(out, FORMAT "\n");
	put_text(out, action_name(decision->action));
	put_text(out, decision->rule);
	put_text(out, decision->intent ? decision->intent->id : "");
	put_text(out, decision->variant);
	put_text(out, decision->segment);
	put_real(out, decision->confidence);
	put_real(out, decision->threshold);
	put_int(out, (int64_t)decision->candidate_count);
	for (size_t i = 0; i < decision->candidate_count; i++) {
		put_text(out, decision->candidates[i].intent);
		put_real(out, decision->candidates[i].confidence);
	}
	put_words(out, decision->why, decision->why_count, false);
	put_real(out, decision->polarity);
	put_real(out, decision->frustration);
	put_text(out, decision->is_upset ? "true" : "false");
	put_words(out, decision->mood_words, decision->mood_word_count, true);
	put_real(out, decision->running_mood);
	put_text(out, reason_name(decision->reason));
	put_text(out, decision->language);
	put_text(out, decision->corpus);
	put_int(out, took_us);
}

/* ---- Showing ---- */

/* The next value; "" behind the last. */
static struct str take(struct str *rest)
{
	struct str value = { "", 0 };
	if (rest->len)
		str_split(rest, '\n', &value);
	return value;
}

static void show_text(struct buf *out, const char *key, struct str *rest)
{
	json_put_quoted(out, json_key(key), take(rest));
}

static void show_text_unless_empty(struct buf *out, const char *key, struct str *rest)
{
	struct str value = take(rest);
	if (value.len)
		json_put_quoted(out, json_key(key), value);
}

/* A number, true or false. */
static void show_value(struct buf *out, const char *key, struct str *rest)
{
	struct str value = take(rest);
	json_add_raw(out, key, value.len ? value : STR_LIT("0"));
}

/* A list of objects whose members are texts but for the last, which is a number. */
static void show_list(struct buf *out, const char *key, const char *const *texts, size_t text_count, const char *number,
		      struct str *rest)
{
	struct str count = take(rest);
	json_open(out, key, '[');
	for (long left = count.len ? strtol(count.ptr, NULL, 10) : 0; left > 0 && rest->len; left--) {
		json_open(out, NULL, '{');
		for (size_t i = 0; i < text_count; i++)
			show_text(out, texts[i], rest);
		show_value(out, number, rest);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void show_reasons(struct buf *out, struct str rest)
{
	static const char *const intent[] = { "intent" }, *const term[] = { "term" },
				 *const word[] = { "word", "family" };
	show_text(out, "action", &rest);
	show_text(out, "rule", &rest);
	show_text_unless_empty(out, "intent", &rest);
	show_text_unless_empty(out, "variant", &rest);
	show_text_unless_empty(out, "segment", &rest);
	show_value(out, "confidence", &rest);
	show_value(out, "threshold", &rest);
	show_list(out, "candidates", intent, 1, "confidence", &rest);
	show_list(out, "why", term, 1, "weight", &rest);
	json_open(out, "mood", '{');
	show_value(out, "score", &rest);
	show_value(out, "frustration", &rest);
	show_value(out, "upset", &rest);
	show_list(out, "words", word, 2, "weight", &rest);
	buf_add_char(out, '}');
	show_value(out, "running_mood", &rest);
	show_text_unless_empty(out, "reason", &rest);
	show_text(out, "lang", &rest);
	show_text(out, "corpus", &rest);
	show_value(out, "took_us", &rest);
}

void json_add_details(struct buf *out, const char *details)
{
	struct str rest = str_of(details);
	if (rest.len && details[0] == '{') {
		json_add_kept(out, "details", details);
		return;
	}
	if (!str_is(take(&rest), FORMAT))
		return;
	json_open(out, "details", '{');
	show_reasons(out, rest);
	buf_add_char(out, '}');
}
