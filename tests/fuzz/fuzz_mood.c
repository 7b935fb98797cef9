/* SPDX-License-Identifier: Apache-2.0 */
/* The mood of any bytes, and cue files of any bytes. The first byte chooses: 0 to 4 an utterance in a language; 5 an
 * utterance with owner's words, divided by newlines; else a cue file, which is then read with. */
#include "sentiment/mood.h"

#include "base/count.h"
#include "sentiment/internal.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const LANGUAGES[] = { "en", "de", "fr", "es", "fi" };
enum { LANGUAGE_COUNT = COUNT(LANGUAGES), PHRASES_MAX = 8 };

static void check_mood(const struct mood_lexicon *lexicon, struct arena *scratch, struct str utterance)
{
	struct mood mood;
	mood_read(lexicon, scratch, utterance, &mood);
	assert(mood.polarity >= -1 && mood.polarity <= 1);
	assert(mood.frustration >= 0 && mood.frustration <= 1);
	assert(mood.is_upset == (mood.frustration >= MOOD_UPSET_LINE));
	assert(mood.cue_count <= MOOD_CUES);
	for (size_t i = 0; i < mood.cue_count; i++) {
		assert(mood.cues[i].family && mood.cues[i].weight != 0);
		assert(mood.cues[i].from <= mood.cues[i].to && mood.cues[i].to <= utterance.len);
	}
	double running = mood_running(0.5, &mood);
	assert(running >= 0 && running <= 1);
}

/* Made once: a lexicon takes far longer to make than an utterance to read. */
static const struct mood_lexicon *lexicon_of(size_t language)
{
	static struct arena arena;
	static struct mood_lexicon *lexicons[LANGUAGE_COUNT];
	if (!lexicons[language])
		lexicons[language] = mood_lexicon_new_in(&arena, LANGUAGES[language], NULL, 0, NULL, 0);
	return lexicons[language];
}

static void read_with_owner(struct arena *arena, struct str rest)
{
	struct str phrases[PHRASES_MAX], utterance = { "", 0 };
	size_t count = 0;
	str_line(&rest, &utterance);
	while (count < PHRASES_MAX && str_line(&rest, &phrases[count]))
		count++;
	check_mood(mood_lexicon_new_in(arena, "fi", phrases, count / 2, phrases + count / 2, count - count / 2), arena,
		   utterance);
}

static void read_cue_file(struct arena *arena, struct str text)
{
	struct cue_builder *builder = cue_builder_new(arena, "en");
	struct cue_book book;
	struct error err = { 0 };
	struct automaton_hit hits[16];
	cue_builder_add_values(builder, text);
	if (cue_builder_read(builder, "fuzz.cues", text, &err) || cue_builder_finish(builder, &book, &err)) {
		assert(err.message[0]);
	} else {
		struct tokens tokens = tokens_read_in(arena, text, book.language);
		struct symbols symbols = symbols_read_in(arena, &book, &tokens);
		size_t count = automaton_find(book.automaton, arena, symbols.letters, symbols.count, hits, 16);
		for (size_t i = 0; i < count; i++)
			assert(hits[i].pattern < book.pattern_count && hits[i].from < hits[i].to &&
			       hits[i].to <= symbols.count);
	}
	cue_builder_free(builder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	struct arena arena = { 0 };
	struct str rest = { (const char *)data + 1, size - 1 };
	if (data[0] < LANGUAGE_COUNT)
		check_mood(lexicon_of(data[0]), &arena, rest);
	else if (data[0] == LANGUAGE_COUNT)
		read_with_owner(&arena, rest);
	else
		read_cue_file(&arena, rest);
	arena_clear(&arena);
	return 0;
}
