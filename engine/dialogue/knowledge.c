/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/knowledge.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/vec.h"
#include "dialogue/internal.h"
#include "dialogue/zone.h"
#include "text/language.h"
#include "text/utterance.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A matcher holds on to the thesaurus that it was trained with, which lives in the snapshot that trained it: who
 * shares the matcher keeps that snapshot alive. */
struct trained {
	struct matcher *matcher;
	uint64_t fingerprint;
	struct snapshot *origin;
};

struct snapshot {
	struct knowledge knowledge; /* first: what is handed out */
	atomic_int references;
	struct arena arena;
	struct trained trained[LANGUAGES_MAX];
};

struct mind {
	struct match_scratch *scratch;
	struct arena arena;
	struct wish_words *wish_words;
};

static struct snapshot *snapshot_of(const struct knowledge *knowledge)
{
	return (struct snapshot *)knowledge;
}

struct knowledge *knowledge_ref(struct knowledge *knowledge)
{
	atomic_fetch_add(&snapshot_of(knowledge)->references, 1);
	return knowledge;
}

void knowledge_unref(struct knowledge *knowledge)
{
	if (!knowledge || atomic_fetch_sub(&snapshot_of(knowledge)->references, 1) > 1)
		return;
	struct snapshot *snapshot = snapshot_of(knowledge);
	for (size_t i = 0; i < LANGUAGES_MAX; i++) {
		struct trained *trained = &snapshot->trained[i];
		if (trained->origin == snapshot)
			matcher_free(trained->matcher);
		else if (trained->origin)
			knowledge_unref(&trained->origin->knowledge);
	}
	arena_clear(&snapshot->arena);
	free(snapshot);
}

/* ---- Training ---- */

struct examples {
	struct training_example *items;
	size_t count, capacity;
};

/* The heading counts as an example, and so does each keyword. */
static void collect_examples(const struct language_corpus *corpus, struct examples *out)
{
	for (uint32_t i = 0; i < corpus->intent_count; i++) {
		const struct intent *intent = &corpus->intents[i];
		vec_push(out, (struct training_example){ str_of(intent->question), i });
		for (size_t j = 0; j < intent->example_count; j++)
			vec_push(out, (struct training_example){ str_of(intent->examples[j].text), i });
		for (size_t j = 0; j < intent->keyword_count; j++)
			vec_push(out, (struct training_example){ str_of(intent->keywords[j]), i });
	}
}

/* Of all that a matcher is made from. `words` stands for names and synonyms. */
static uint64_t fingerprint_of(const struct training_set *set, double wrong_share, uint64_t words)
{
	uint64_t hash = hash_bytes(set->language, strlen(set->language), words);
	hash = hash_bytes(&wrong_share, sizeof wrong_share, hash);
	for (size_t i = 0; i < set->example_count; i++) {
		const struct training_example *example = &set->examples[i];
		hash = hash_bytes(&example->intent, sizeof example->intent, hash);
		hash = hash_bytes(example->text.ptr, example->text.len, hash);
	}
	return hash;
}

static bool share(struct snapshot *snapshot, struct trained *trained, const struct knowledge *before)
{
	for (size_t i = 0; before && i < LANGUAGES_MAX; i++) {
		const struct trained *other = &snapshot_of(before)->trained[i];
		if (!other->origin || other->fingerprint != trained->fingerprint)
			continue;
		*trained = *other;
		knowledge_ref(&trained->origin->knowledge);
		return true;
	}
	trained->origin = snapshot;
	return false;
}

/* Who is told how far the training of all languages is. */
struct listener {
	void (*progress)(void *context, double share);
	void *context;
	size_t done, count; /* languages */
};

static void tell_progress(void *context, double share)
{
	const struct listener *listener = context;
	listener->progress(listener->context, ((double)listener->done + share) / (double)listener->count);
}

static void train(struct snapshot *snapshot, size_t at, const struct knowledge *before, uint64_t words,
		  struct listener *listener)
{
	const struct corpus *corpus = snapshot->knowledge.corpus;
	const struct language_corpus *language = &corpus->languages[at];
	struct trained *trained = &snapshot->trained[at];
	struct examples examples = { 0 };
	collect_examples(language, &examples);
	struct training_set set = {
		.language = language->language,
		.intent_count = language->intent_count,
		.examples = examples.items,
		.example_count = examples.count,
		.thesaurus = language->thesaurus,
	};
	struct match_options options = match_options_defaults();
	options.wrong_share = corpus->settings.wrong_share;
	if (listener->progress) {
		options.progress = tell_progress;
		options.progress_context = listener;
	}
	trained->fingerprint = fingerprint_of(&set, options.wrong_share, words);
	if (!share(snapshot, trained, before))
		trained->matcher = matcher_new(&set, &options);
	vec_clear(&examples);
}

/* ---- Loading ---- */

static uint64_t file_hash(const char *directory, const char *file, struct arena *arena)
{
	char chunk[4096];
	size_t got;
	uint64_t hash = 0;
	FILE *in = fopen(arena_printf(arena, "%s/%s", directory, file), "rb");
	while (in && (got = fread(chunk, 1, sizeof chunk, in)) > 0)
		hash = hash_bytes(chunk, got, hash);
	if (in)
		fclose(in);
	return hash;
}

static int load_zone(struct snapshot *snapshot, const char *directory, struct diagnostics *problems)
{
	struct error error;
	const char *name = snapshot->knowledge.corpus->settings.time_zone;
	if (!zone_load_in(&snapshot->arena, *name ? name : "UTC", &snapshot->knowledge.zone, &error))
		return 0;
	uint32_t line = 0;
	const char *source = source_line_in(problems->arena, directory, "shop.ini", "time zone", &line);
	diagnostics_add(problems, &(struct problem){
					  .place = { "shop.ini", line ? line : 1, 1 },
					  .what = error.message,
					  .hint = "",
					  .source = source,
					  .width = 1,
				  });
	return -1;
}

static void learn(struct snapshot *snapshot, const char *directory, const struct knowledge *before,
		  struct listener *listener)
{
	struct knowledge *knowledge = &snapshot->knowledge;
	const struct corpus *corpus = knowledge->corpus;
	size_t count = corpus->language_count < LANGUAGES_MAX ? corpus->language_count : LANGUAGES_MAX;
	struct known_language *languages = arena_zalloc(&snapshot->arena, count, sizeof *languages);
	uint64_t words = file_hash(directory, "words.md", &snapshot->arena);
	for (size_t i = 0; i < count; i++) {
		const struct language_corpus *language = &corpus->languages[i];
		listener->done = i;
		listener->count = count;
		train(snapshot, i, before, words, listener);
		languages[i] = (struct known_language){
			.corpus = language,
			.matcher = snapshot->trained[i].matcher,
			.lexicon = mood_lexicon_new_in(&snapshot->arena, language->language, language->upset_words,
						       language->upset_word_count, language->calm_words,
						       language->calm_word_count),
		};
	}
	knowledge->languages = languages;
	knowledge->language_count = count;
}

struct knowledge *knowledge_load(const char *directory, const struct knowledge *before, struct diagnostics *problems)
{
	return knowledge_load_telling(directory, before, problems, NULL, NULL);
}

struct knowledge *knowledge_load_telling(const char *directory, const struct knowledge *before,
					 struct diagnostics *problems, void (*progress)(void *context, double share),
					 void *context)
{
	struct listener listener = { .progress = progress, .context = context };
	struct snapshot *snapshot = mem_zalloc(1, sizeof *snapshot);
	struct knowledge *knowledge = &snapshot->knowledge;
	atomic_init(&snapshot->references, 1);
	knowledge->corpus = corpus_load_in(&snapshot->arena, directory, problems);
	if (!knowledge->corpus || load_zone(snapshot, directory, problems))
		goto fail;
	learn(snapshot, directory, before, &listener);
	test_lines_run(knowledge, directory, problems);
	if (problems->error_count)
		goto fail;
	return knowledge;
fail:
	knowledge_unref(knowledge);
	return NULL;
}

const struct known_language *knowledge_language(const struct knowledge *knowledge, const char *language)
{
	for (size_t i = 0; language && i < knowledge->language_count; i++)
		if (!strcmp(knowledge->languages[i].corpus->language, language))
			return &knowledge->languages[i];
	return NULL;
}

/* ---- Thinking ---- */

struct mind *mind_new(void)
{
	struct mind *mind = mem_zalloc(1, sizeof *mind);
	mind->scratch = match_scratch_new();
	mind->wish_words = wish_words_new();
	return mind;
}

void mind_free(struct mind *mind)
{
	if (!mind)
		return;
	match_scratch_free(mind->scratch);
	wish_words_free(mind->wish_words);
	arena_clear(&mind->arena);
	free(mind);
}

struct arena *mind_arena(struct mind *mind)
{
	return &mind->arena;
}

/* Two or three words may hold no little word that gives their language away, or only a misspelt one. When the files of the
 * language that they seem to be in hardly know them, and those of another one do, they are in the other. */
static const double HARDLY_KNOWN = 0.5, WELL_KNOWN = 0.6, BETTER_KNOWN = 0.3;

/* Its matcher reads the words; how much of them it knows. */
static double read_words(const struct known_language *language, struct mind *mind, struct utterance *utterance)
{
	matcher_read(language->matcher, mind->scratch, utterance_tokens(utterance, language->corpus->language));
	return matcher_coverage(mind->scratch);
}

static const struct known_language *prefer_known(const struct knowledge *knowledge, struct mind *mind,
						 struct utterance *utterance, const struct known_language *seeming)
{
	const struct known_language *best = seeming;
	double seemingly = read_words(seeming, mind, utterance), most = WELL_KNOWN;
	if (seemingly >= HARDLY_KNOWN)
		return seeming;
	for (size_t i = 0; i < knowledge->language_count; i++) {
		const struct known_language *other = &knowledge->languages[i];
		double known = other == seeming ? 0 : read_words(other, mind, utterance);
		if (known > most && known >= seemingly + BETTER_KNOWN) {
			best = other;
			most = known;
		}
	}
	read_words(best, mind, utterance);
	return best;
}

/* Which language it is; the matcher of that one has read the words then. */
static const struct known_language *guess(const struct knowledge *knowledge, struct mind *mind,
					  struct utterance *utterance, const char *usual)
{
	const char *codes[LANGUAGES_MAX];
	const struct known_language *fallback = knowledge_language(knowledge, usual);
	if (!fallback)
		fallback = &knowledge->languages[0];
	if (knowledge->language_count < 2) {
		read_words(fallback, mind, utterance);
		return fallback;
	}
	for (size_t i = 0; i < knowledge->language_count; i++)
		codes[i] = knowledge->languages[i].corpus->language;
	const char *code =
		language_guess(utterance->text, codes, knowledge->language_count, fallback->corpus->language);
	const struct known_language *known = knowledge_language(knowledge, code);
	return prefer_known(knowledge, mind, utterance, known ? known : fallback);
}

static void read_mood(const struct known_language *language, struct mind *mind, struct utterance *utterance,
		      struct mood *out)
{
	const char *code = language->corpus->language;
	mood_read_tokens(language->lexicon, &mind->arena, utterance_tokens(utterance, code), out);
}

/* Whoever asks for a person in a language that the shop has no files in is heard as well: the files know hardly a word of
 * it. */
static enum wish read_wish(const struct known_language *language, struct mind *mind, struct utterance *utterance)
{
	const char *code = language->corpus->language;
	enum wish wish = person_wish(mind->wish_words, utterance, code);
	if (wish != WISH_NONE || matcher_coverage(mind->scratch) >= HARDLY_KNOWN)
		return wish;
	return person_wish(mind->wish_words, utterance, wish_language(utterance->text, "en"));
}

/* What the matcher of the language has read, understood. */
static void understand(const struct known_language *language, struct mind *mind, struct utterance *utterance,
		       struct understanding *out)
{
	out->language = language;
	out->tokens = *utterance_tokens(utterance, language->corpus->language);
	read_mood(language, mind, utterance, &out->mood);
	out->wish = read_wish(language, mind, utterance);
	matcher_rank_read(language->matcher, mind->scratch, &out->match);
}

void knowledge_understand_in(const struct known_language *language, struct mind *mind, struct str text,
			     struct understanding *out)
{
	struct utterance utterance;
	utterance_init(&utterance, &mind->arena, text);
	read_words(language, mind, &utterance);
	understand(language, mind, &utterance, out);
}

void knowledge_match_in(const struct known_language *language, struct mind *mind, struct str text,
			struct match_result *out)
{
	matcher_rank(language->matcher, mind->scratch, text, out);
}

void knowledge_understand(const struct knowledge *knowledge, struct mind *mind, struct str text, const char *usual,
			  struct understanding *out)
{
	struct utterance utterance;
	arena_reset(&mind->arena);
	utterance_init(&utterance, &mind->arena, text);
	understand(guess(knowledge, mind, &utterance, usual), mind, &utterance, out);
}

const char *knowledge_mood(const struct knowledge *knowledge, struct mind *mind, struct str text, const char *usual,
			   struct mood *out)
{
	struct utterance utterance;
	arena_reset(&mind->arena);
	utterance_init(&utterance, &mind->arena, text);
	const struct known_language *language = guess(knowledge, mind, &utterance, usual);
	read_mood(language, mind, &utterance, out);
	return language->corpus->language;
}
