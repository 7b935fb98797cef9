/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/corpus.h"

#include "base/hash.h"
#include "base/vec.h"
#include "corpus/folder.h"
#include "corpus/internal.h"
#include "corpus/resolve.h"
#include "corpus/topic.h"
#include "corpus/words.h"
#include "text/language.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loading {
	struct arena *arena;
	struct diagnostics *problems;
	struct source *sources; /* sorted by name */
	size_t source_count;
	struct corpus *corpus;
	struct spot *suggestions;
	struct drafts drafts[LANGUAGES_MAX]; /* the shop's language first, then by code */
	size_t language_count;
	struct words words;
};

static const struct source *source_named(const struct loading *loading, const char *name)
{
	for (size_t i = 0; i < loading->source_count; i++)
		if (!strcmp(loading->sources[i].name, name))
			return &loading->sources[i];
	return NULL;
}

static void tell(struct loading *loading, enum severity severity, const char *file, const char *what, const char *hint)
{
	struct problem problem = { severity, { file, 0, 0 }, what, hint, "", 1 };
	diagnostics_add(loading->problems, &problem);
}

/* The language that a topic file is in by its name; NULL when it is none. */
static const char *language_of(const struct loading *loading, const char *name)
{
	const char *slash = strchr(name, '/');
	if (!str_ends(str_of(name), ".md") || !strcmp(slash ? slash + 1 : name, "words.md"))
		return NULL;
	if (!slash)
		return loading->corpus->settings.language;
	return strchr(slash + 1, '/') ? NULL : language_code((struct str){ name, (size_t)(slash - name) });
}

/* ---- Files ---- */

static int compare_files(const void *left, const void *right)
{
	return strcmp(((const struct corpus_file *)left)->name, ((const struct corpus_file *)right)->name);
}

static void read_sources(struct loading *loading, const struct corpus_file *files, size_t count)
{
	struct corpus_file *sorted = arena_alloc(loading->arena, (count + 1) * sizeof *sorted);
	if (count) {
		memcpy(sorted, files, count * sizeof *sorted);
		qsort(sorted, count, sizeof *sorted, compare_files);
	}
	loading->sources = arena_alloc(loading->arena, (count + 1) * sizeof *loading->sources);
	uint64_t version = 0;
	for (size_t i = 0; i < count; i++) {
		/* With the NUL: "a" + "bc" is not "ab" + "c". */
		version = hash_bytes(sorted[i].name, strlen(sorted[i].name) + 1, version);
		version = hash_bytes(sorted[i].text.ptr, sorted[i].text.len, version ^ sorted[i].text.len);
		source_init_in(loading->arena, sorted[i].name, sorted[i].text, loading->problems, &loading->sources[i]);
		if (str_ends(str_of(sorted[i].name), "/words.md"))
			tell(loading, SEVERITY_ERROR, sorted[i].name, "there is one words.md, beside shop.ini",
			     "write its words there, under a heading such as: Same meaning in de");
	}
	loading->source_count = count;
	snprintf(loading->corpus->version, sizeof loading->corpus->version, "%016" PRIx64, version);
}

/* Whether something was said of the file: it is there then, but cannot be read. */
static bool is_told_of(const struct diagnostics *problems, const char *file)
{
	for (size_t i = 0; i < problems->count; i++)
		if (!strcmp(problems->items[i].place.file, file))
			return true;
	return false;
}

static void read_settings(struct loading *loading)
{
	const struct source *source = source_named(loading, "shop.ini");
	settings_defaults(&loading->corpus->settings);
	if (source)
		settings_read_source_in(loading->arena, source, &loading->corpus->settings, &loading->suggestions,
					loading->problems);
	else if (!is_told_of(loading->problems, "shop.ini"))
		tell(loading, SEVERITY_NOTE, "shop.ini", "there is no such file", "the usual settings hold");
}

/* ---- Languages ---- */

static int compare_languages(const void *left, const void *right)
{
	return strcmp(((const struct drafts *)left)->language, ((const struct drafts *)right)->language);
}

static void find_languages(struct loading *loading)
{
	loading->drafts[0].language = loading->corpus->settings.language;
	loading->language_count = 1;
	for (size_t i = 0; i < loading->source_count; i++) {
		const char *name = loading->sources[i].name, *code = language_of(loading, name);
		size_t known = 0;
		while (code && known < loading->language_count && loading->drafts[known].language != code)
			known++;
		if (!code || known < loading->language_count)
			continue;
		if (known == LANGUAGES_MAX)
			tell(loading, SEVERITY_ERROR, name, "more than 16 languages", "");
		else
			loading->drafts[loading->language_count++].language = code;
	}
	qsort(loading->drafts + 1, loading->language_count - 1, sizeof *loading->drafts, compare_languages);
}

static void read_topics(struct loading *loading)
{
	size_t topics = 0;
	for (size_t i = 0; i < loading->source_count; i++) {
		const char *code = language_of(loading, loading->sources[i].name);
		for (size_t j = 0; code && j < loading->language_count; j++) {
			if (loading->drafts[j].language != code)
				continue;
			topic_read_in(loading->arena, &loading->sources[i], &loading->drafts[j], loading->problems);
			topics++;
		}
	}
	if (!topics)
		tell(loading, SEVERITY_ERROR, ".", "there is no topic file in this folder",
		     "write one, such as delivery.md, with ## questions and answers");
	else if (!loading->drafts[0].count)
		tell(loading, SEVERITY_ERROR, ".",
		     arena_printf(loading->arena, "there is no question in %s, the language of the shop",
				  language_name(loading->drafts[0].language)),
		     "write one, or set \"language\" in shop.ini");
}

static void read_words(struct loading *loading)
{
	const char *codes[LANGUAGES_MAX] = { NULL };
	const struct source *source = source_named(loading, "words.md");
	for (size_t i = 0; i < loading->language_count; i++)
		codes[i] = loading->drafts[i].language;
	if (source)
		words_read_in(loading->arena, source, loading->corpus->settings.language, codes,
			      loading->language_count, &loading->words, loading->problems);
}

/* ---- Putting together ---- */

/* The phrases of a list that are for `language`. */
static const struct str *phrases_for(struct loading *loading, const struct words_list *list, const char *language,
				     size_t *out_count)
{
	struct str *phrases = arena_alloc(loading->arena, (list->count + 1) * sizeof *phrases);
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!list->items[i].language || list->items[i].language == language)
			phrases[count++] = list->items[i].phrase;
	*out_count = count;
	return phrases;
}

static void add_words(struct loading *loading, struct language_corpus *language)
{
	const struct words *words = &loading->words;
	struct thesaurus_group *groups = arena_alloc(loading->arena, (words->groups.count + 1) * sizeof *groups);
	size_t group_count = 0, name_count;
	for (size_t i = 0; i < words->groups.count; i++)
		if (words->groups.items[i].language == language->language)
			groups[group_count++] = words->groups.items[i].group;
	const struct str *names = phrases_for(loading, &words->names, language->language, &name_count);
	language->thesaurus =
		thesaurus_new_in(loading->arena, language->language, names, name_count, groups, group_count);
	language->upset_words = phrases_for(loading, &words->upset, language->language, &language->upset_word_count);
	language->calm_words = phrases_for(loading, &words->calm, language->language, &language->calm_word_count);
}

struct id_place {
	const char *id;
	uint32_t intent;
};

static int compare_ids(const void *left, const void *right)
{
	return strcmp(((const struct id_place *)left)->id, ((const struct id_place *)right)->id);
}

static void sort_ids(struct loading *loading, struct language_corpus *language)
{
	struct id_place *places = mem_zalloc(language->intent_count + 1, sizeof *places);
	uint32_t *by_id = arena_alloc(loading->arena, (language->intent_count + 1) * sizeof *by_id);
	for (uint32_t i = 0; i < language->intent_count; i++)
		places[i] = (struct id_place){ language->intents[i].id, i };
	qsort(places, language->intent_count, sizeof *places, compare_ids);
	for (size_t i = 0; i < language->intent_count; i++)
		by_id[i] = places[i].intent;
	language->by_id = by_id;
	free(places);
}

static void build_languages(struct loading *loading)
{
	struct language_corpus *languages = arena_zalloc(loading->arena, loading->language_count, sizeof *languages);
	for (size_t i = 0; i < loading->language_count; i++) {
		resolve_in(loading->arena, &loading->drafts[i], &languages[i], loading->problems);
		add_words(loading, &languages[i]);
		sort_ids(loading, &languages[i]);
	}
	loading->corpus->languages = languages;
	loading->corpus->language_count = loading->language_count;
}

/* The buttons below the greeting are known only now to be questions or not. */
static void check_suggestions(struct loading *loading)
{
	const struct settings *settings = &loading->corpus->settings;
	const struct language_corpus *language = &loading->corpus->languages[0];
	const char **ids = arena_alloc(loading->arena, (language->intent_count + 1) * sizeof *ids);
	for (size_t i = 0; i < language->intent_count; i++)
		ids[i] = language->intents[i].id;
	for (size_t i = 0; i < settings->suggestion_count; i++) {
		struct str id = str_of(settings->suggestions[i]);
		if (corpus_intent(language, id) == INTENT_NONE)
			report(loading->problems, SEVERITY_ERROR, loading->suggestions[i],
			       hint_nearest_in(loading->arena, id, ids, language->intent_count,
					       "write the id of a question, as in: delivery-time"),
			       "there is no question %s", quoted_in(loading->arena, id));
	}
}

/* What stands between the files is reported before; the caller gets all of it sorted. */
static const struct corpus *build(struct arena *arena, const struct corpus_file *files, size_t count,
				  struct diagnostics *problems, size_t errors_before)
{
	struct loading loading = { .arena = arena, .problems = problems };
	loading.corpus = arena_zalloc(arena, 1, sizeof *loading.corpus);
	read_sources(&loading, files, count);
	read_settings(&loading);
	find_languages(&loading);
	read_topics(&loading);
	read_words(&loading);
	build_languages(&loading);
	check_suggestions(&loading);
	words_clear(&loading.words);
	for (size_t i = 0; i < loading.language_count; i++)
		drafts_clear(&loading.drafts[i]);
	diagnostics_sort(problems);
	return problems->error_count > errors_before ? NULL : loading.corpus;
}

const struct corpus *corpus_read_in(struct arena *arena, const struct corpus_file *files, size_t count,
				    struct diagnostics *problems)
{
	return build(arena, files, count, problems, problems->error_count);
}

const struct corpus *corpus_load_in(struct arena *arena, const char *directory, struct diagnostics *problems)
{
	size_t errors_before = problems->error_count, count = 0;
	const struct corpus_file *files = folder_read_in(arena, directory, problems, &count);
	if (!count && problems->error_count > errors_before)
		return NULL; /* the folder itself: nothing more to say */
	return build(arena, files, count, problems, errors_before);
}

/* ---- Questions ---- */

const struct language_corpus *corpus_language(const struct corpus *corpus, const char *language)
{
	for (size_t i = 0; i < corpus->language_count; i++)
		if (!strcmp(corpus->languages[i].language, language))
			return &corpus->languages[i];
	return NULL;
}

uint32_t corpus_intent(const struct language_corpus *language, struct str id)
{
	size_t low = 0, high = language->intent_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_compare(str_of(language->intents[language->by_id[middle]].id), id);
		if (!order)
			return language->by_id[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return INTENT_NONE;
}

const struct answer *intent_answer(const struct intent *intent, enum answer_case when)
{
	const struct answer *plain = NULL;
	for (size_t i = 0; i < intent->answer_count; i++) {
		if (intent->answers[i].when == when)
			return &intent->answers[i];
		if (intent->answers[i].when == ANSWER_PLAIN)
			plain = &intent->answers[i];
	}
	return plain;
}
