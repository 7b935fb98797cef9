/* SPDX-License-Identifier: Apache-2.0 */
#include "sentiment/mood.h"

#include "base/log.h"
#include "sentiment/internal.h"
#include "sentiment/tables.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Weights of cues are added to "heat"; this much of it is frustration 0.5. Cue files count in quarters. The constants
 * below were set by hand, November 2026, on the development rows that bench/mood.c names: as many angry messages as can
 * be had with false alarms well under 1 % of plain shop questions and 5 % of banking questions. */
static const double LINE_HEAT = 1.0;
const double MOOD_UPSET_LINE = 0.5;

/* What rated words add: a share of their sum, within limits, so that no heap of words decides alone. */
static const double SOUR_SHARE = 0.25, SOUR_MOST = 1.0, SWEET_SHARE = 0.125, SWEET_MOST = -0.75;
/* A second place of the same family. */
static const double AGAIN = 0.25;
/* Several families that each say something: two at once are a better sign than one strong word. */
static const double COMPANY = 0.5, COMPANY_FROM = 0.5;
/* What went wrong counts up to here: below the line. */
static const double MATTERS_MOST = 0.75;
/* Praise, thanks and pleasant words together take away no more than this. */
static const double WARMTH_MOST = -1.75;
static const double SHOUTED_LINE = 1.5, SHOUTED_WORD = 0.25;
static const double OWNER_WEIGHT = 1.5;
/* Flattens the sum of rated words to -1..1 (Hutto and Gilbert 2014). */
static const double POLARITY_ALPHA = 15.0;

enum { HITS_MAX = 256, FAMILIES_MAX = 48, COMPANY_MAX = 3, NEGATION_REACH = 3 };

struct mood_lexicon {
	struct cue_book book;
};

/* All cues of one family in an utterance. */
struct heard {
	const char *family;
	double weight, polarity; /* of the strongest */
	uint32_t from, to;       /* its symbols */
	unsigned flags;          /* of any */
	bool is_again;           /* another one stands elsewhere */
};

struct hearing {
	const struct cue_book *book;
	struct symbols symbols;
	uint8_t *ignored; /* for each symbol, the flags of the patterns that take it away */
	struct heard families[FAMILIES_MAX];
	size_t family_count;
};

/* Cannot fail: the built-in files are tested, and the owner's phrases are few enough. */
static void must(int result, const struct error *err)
{
	if (result)
		log_line(LOG_ERROR, "%s", err->message);
	assert(result == 0);
}

struct mood_lexicon *mood_lexicon_new_in(struct arena *arena, const char *language, const struct str *upset,
					 size_t upset_count, const struct str *calm, size_t calm_count)
{
	struct mood_lexicon *lexicon = arena_zalloc(arena, 1, sizeof *lexicon);
	struct cue_builder *builder = cue_builder_new(arena, language);
	const struct cue_block upset_block = { cue_family_name(STR_LIT("owner")), OWNER_WEIGHT, 0, CUE_STRONG };
	const struct cue_block calm_block = { .flags = CUE_CALM };
	struct error err = { 0 };
	for (const struct mood_table *table = MOOD_TABLES; table->cues; table++) {
		if (table->language && strcmp(table->language, language) != 0)
			continue;
		cue_builder_add_values(builder, str_of(table->values));
		must(cue_builder_read(builder, table->name, str_of(table->cues), &err), &err);
	}
	for (size_t i = 0; i < upset_count && i < MOOD_PHRASES_MAX; i++)
		cue_builder_add_phrase(builder, upset[i], upset_block);
	for (size_t i = 0; i < calm_count && i < MOOD_PHRASES_MAX; i++)
		cue_builder_add_phrase(builder, calm[i], calm_block);
	must(cue_builder_finish(builder, &lexicon->book, &err), &err);
	cue_builder_free(builder);
	return lexicon;
}

static void hear(struct hearing *hearing, const struct cue_block *block, uint32_t from, uint32_t to)
{
	struct heard *heard = hearing->families;
	while (heard < hearing->families + hearing->family_count && heard->family != block->family)
		heard++;
	if (heard == hearing->families + hearing->family_count) {
		if (hearing->family_count == FAMILIES_MAX)
			return;
		hearing->family_count++;
		*heard = (struct heard){ block->family, block->weight, block->polarity, from, to, block->flags, false };
		return;
	}
	heard->flags |= block->flags & ~(unsigned)CUE_MATTER;
	heard->is_again = heard->is_again || from >= heard->to || to <= heard->from;
	if (fabs(block->polarity) > fabs(heard->polarity))
		heard->polarity = block->polarity;
	/* Of two equal ones the longer says more to who reads it. */
	bool is_longer = to - from > heard->to - heard->from;
	if (fabs(block->weight) > fabs(heard->weight) || (fabs(block->weight) == fabs(heard->weight) && is_longer)) {
		heard->weight = block->weight;
		heard->flags = (heard->flags & ~(unsigned)CUE_MATTER) | (block->flags & CUE_MATTER);
		heard->from = from;
		heard->to = to;
	}
}

/* For what is not in a cue file. */
static void hear_plain(struct hearing *hearing, const char *family, double weight, unsigned flags, uint32_t from,
		       uint32_t to)
{
	const struct cue_block block = { cue_family_name(str_of(family)), weight, 0, flags };
	hear(hearing, &block, from, to);
}

static bool is_ignored(const struct hearing *hearing, const struct automaton_hit *hit)
{
	for (uint32_t i = hit->from; i < hit->to; i++)
		if (hearing->ignored[i] && hearing->symbols.letters[i] >= LETTER_BOUNDARIES)
			return true;
	return false;
}

static bool negates(const struct hearing *hearing, uint32_t at)
{
	return hearing->book->vocabulary.words[hearing->symbols.letters[at]].marks & WORD_NEGATES;
}

/* "I was not disappointed": it stands in a gap of the cue. One that the cue begins with is what it is about. */
static bool holds_negation(const struct hearing *hearing, const struct automaton_hit *hit)
{
	if (negates(hearing, hit->from))
		return false;
	for (uint32_t i = hit->from + 1; i + 1 < hit->to; i++)
		if (negates(hearing, i))
			return true;
	return false;
}

static bool is_negated(const struct hearing *hearing, uint32_t from)
{
	const struct symbols *symbols = &hearing->symbols;
	for (uint32_t back = 1; back <= NEGATION_REACH && back <= from; back++) {
		uint32_t letter = symbols->letters[from - back];
		if (letter < LETTER_BOUNDARIES || (symbols->places[from - back + 1].flags & SYMBOL_PAUSE))
			return false;
		if (negates(hearing, from - back))
			return true;
	}
	return false;
}

static void hear_cues(struct hearing *hearing, struct arena *scratch)
{
	const struct cue_book *book = hearing->book;
	struct automaton_hit *hits = arena_alloc(scratch, HITS_MAX * sizeof *hits);
	size_t count = automaton_find(book->automaton, scratch, hearing->symbols.letters, hearing->symbols.count, hits,
				      HITS_MAX);
	for (size_t i = 0; i < count; i++) {
		unsigned flags = book->blocks[book->block_of[hits[i].pattern]].flags & (CUE_IGNORE | CUE_CALM);
		for (uint32_t s = hits[i].from; flags && s < hits[i].to; s++)
			hearing->ignored[s] |= (uint8_t)flags;
	}
	for (size_t i = 0; i < count; i++) {
		const struct cue_block *block = &book->blocks[book->block_of[hits[i].pattern]];
		if (!block->family || is_ignored(hearing, &hits[i]) ||
		    ((block->flags & CUE_NEGATABLE) &&
		     (is_negated(hearing, hits[i].from) || holds_negation(hearing, &hits[i]))))
			continue;
		hear(hearing, block, hits[i].from, hits[i].to);
	}
}

/* "DO YOU SHIP TO NORWAY": with nothing that burns beside it, somebody whose Caps Lock key is down. */
static bool is_plain_request(const struct hearing *hearing)
{
	bool is_request = false;
	for (size_t i = 0; i < hearing->family_count; i++) {
		const struct heard *heard = &hearing->families[i];
		is_request |= (heard->flags & CUE_OFFER) != 0;
		if (heard->weight > 0 && !(heard->flags & CUE_MATTER))
			return false;
	}
	return is_request;
}

/* Whole lines in capitals shout, if they are words and no codes or names; in a line that is not, single ones do. */
static void hear_capitals(struct hearing *hearing)
{
	const struct symbols *symbols = &hearing->symbols;
	size_t known = 0, codes = 0;
	uint32_t loud = 0;
	if (!symbols->shouted && !(symbols->flags & SYMBOL_CAPS))
		return;
	for (uint32_t i = 0; i < symbols->count; i++) {
		uint8_t flags = symbols->places[i].flags;
		bool is_known = symbols->letters[i] >= LETTER_COUNT && (flags & SYMBOL_CAPS) && !hearing->ignored[i];
		codes += (flags & SYMBOL_CODE) || symbols->letters[i] == LETTER_NUMBER;
		known += is_known;
		if (is_known && symbols->places[i].to - symbols->places[i].from >= 4)
			loud = i;
	}
	bool is_shouted = symbols->words >= 2 && symbols->shouted == symbols->words && !codes &&
			  (known || symbols->words >= 3) && !is_plain_request(hearing);
	if (is_shouted)
		hear_plain(hearing, "shouting", SHOUTED_LINE, CUE_STRONG, 0, (uint32_t)symbols->count);
	else if (loud && symbols->shouted < symbols->words)
		hear_plain(hearing, "capitals", SHOUTED_WORD, 0, loud, loud + 1);
}

static void hear_rating(struct hearing *hearing, const struct rating *rating)
{
	double weight = rating->heat < 0 ? fmin(-rating->heat * SOUR_SHARE, SOUR_MOST)
					 : fmax(-rating->heat * SWEET_SHARE, SWEET_MOST);
	uint32_t at = weight > 0 ? rating->worst : rating->best;
	if (weight != 0 && at != UINT32_MAX)
		hear_plain(hearing, "valence", weight, weight < 0 ? CUE_WARM : 0, at, at + 1);
}

/* Praise and thanks beside irony are part of it, and a question beside an insult is no calm one. */
static void drop_false_calm(struct hearing *hearing)
{
	unsigned heard = 0;
	for (size_t i = 0; i < hearing->family_count; i++)
		heard |= hearing->families[i].flags;
	unsigned dropped = (heard & CUE_IRONIC ? CUE_WARM : 0u) | (heard & CUE_STRONG ? CUE_ASKING : 0u);
	size_t kept = 0;
	for (size_t i = 0; i < hearing->family_count; i++)
		if (!(hearing->families[i].flags & dropped))
			hearing->families[kept++] = hearing->families[i];
	hearing->family_count = kept;
}

/* Words speak once: a cue that lies within a stronger one of another family is the same evidence. */
static bool is_within_stronger(const struct hearing *hearing, size_t at)
{
	const struct heard *heard = &hearing->families[at];
	for (size_t i = 0; i < hearing->family_count; i++) {
		const struct heard *other = &hearing->families[i];
		if (i != at && other->from <= heard->from && heard->to <= other->to && other->weight >= heard->weight &&
		    (other->weight > heard->weight || i < at))
			return true;
	}
	return false;
}

static double heat_of(const struct hearing *hearing)
{
	double heat = 0, matters = 0, warmth = 0;
	size_t company = 0;
	for (size_t i = 0; i < hearing->family_count; i++) {
		const struct heard *heard = &hearing->families[i];
		if (heard->weight > 0 && !heard->is_again && is_within_stronger(hearing, i))
			continue;
		double weight = heard->weight > 0 && heard->is_again ? heard->weight + AGAIN : heard->weight;
		*(heard->flags & CUE_MATTER ? &matters : heard->flags & CUE_WARM ? &warmth : &heat) += weight;
		company += heard->weight >= COMPANY_FROM && !(heard->flags & CUE_MATTER);
	}
	heat += fmin(matters, MATTERS_MOST) + fmax(warmth, WARMTH_MOST);
	company += matters >= COMPANY_FROM;
	if (company > COMPANY_MAX)
		company = COMPANY_MAX;
	return company > 1 ? heat + COMPANY * (double)(company - 1) : heat;
}

/* The words of a cue, without the full stops or the start of the text that its pattern may ask for. */
static struct mood_cue cue_of(const struct symbols *symbols, const struct heard *heard)
{
	uint32_t from = heard->from, to = heard->to;
	while (from + 1 < to && symbols->letters[from] == LETTER_EDGE)
		from++;
	while (from + 1 < to && symbols->letters[to - 1] == LETTER_EDGE)
		to--;
	return (struct mood_cue){ symbols->places[from].from, symbols->places[to - 1].to, heard->family,
				  heard->weight };
}

static bool stands_before(const struct mood_cue *a, const struct mood_cue *b)
{
	double x = fabs(a->weight), y = fabs(b->weight);
	return x > y || (x == y && a->from <= b->from);
}

/* The strongest cues first, those of equal weight in order of the text. */
static void keep_cues(const struct hearing *hearing, struct mood *out)
{
	for (size_t i = 0; i < hearing->family_count; i++) {
		struct mood_cue cue = cue_of(&hearing->symbols, &hearing->families[i]);
		size_t at = out->cue_count;
		while (at > 0 && !stands_before(&out->cues[at - 1], &cue))
			at--;
		if (at == MOOD_CUES || cue.weight == 0)
			continue;
		if (out->cue_count < MOOD_CUES)
			out->cue_count++;
		memmove(&out->cues[at + 1], &out->cues[at], (out->cue_count - 1 - at) * sizeof *out->cues);
		out->cues[at] = cue;
	}
}

void mood_read(const struct mood_lexicon *lexicon, struct arena *scratch, struct str utterance, struct mood *out)
{
	struct tokens tokens = tokens_read_in(scratch, utterance, lexicon->book.language);
	mood_read_tokens(lexicon, scratch, &tokens, out);
}

void mood_read_tokens(const struct mood_lexicon *lexicon, struct arena *scratch, const struct tokens *tokens,
		      struct mood *out)
{
	struct hearing hearing; /* not all of it zeros: families are filled as they are heard */
	*out = (struct mood){ 0 };
	hearing.book = &lexicon->book;
	hearing.family_count = 0;
	hearing.symbols = symbols_read_in(scratch, hearing.book, tokens);
	hearing.ignored = arena_zalloc(scratch, hearing.symbols.count, 1);
	hear_cues(&hearing, scratch);
	hear_capitals(&hearing);
	struct rating rating = rating_read(hearing.book, &hearing.symbols, hearing.ignored);
	hear_rating(&hearing, &rating);
	double sum = rating.sum;
	for (size_t i = 0; i < hearing.family_count; i++)
		sum += hearing.families[i].polarity;
	if (sum != 0)
		sum += sum > 0 ? rating.exclaims : -rating.exclaims;
	out->polarity = sum / sqrt(sum * sum + POLARITY_ALPHA);
	drop_false_calm(&hearing);
	double heat = heat_of(&hearing);
	out->frustration = heat > 0 ? heat / (heat + LINE_HEAT) : 0;
	out->is_upset = out->frustration >= MOOD_UPSET_LINE;
	keep_cues(&hearing, out);
}

double mood_running(double before, const struct mood *latest)
{
	/* Earlier heat adds to new heat, and half of it is gone with the next message: mild ones in a row reach the line
	 * at the third, a calm one lets an upset visitor fall below it. Praise takes it faster. */
	const double kept = latest->polarity > 0.5 && latest->frustration == 0 ? 0.25 : 0.5;
	return latest->frustration + (1 - latest->frustration) * kept * before;
}
