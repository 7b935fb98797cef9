/* SPDX-License-Identifier: Apache-2.0 */
#include "match/match.h"

#include "cmocka_all.h"
#include "match_kit.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_answered(const struct matcher *matcher, const struct match_result *result)
{
	return result->count && result->candidates[0].confidence >= matcher_threshold(matcher);
}

struct row {
	const char *utterance, *intent; /* "" for none: must be refused */
};

static size_t failures(const struct matcher *matcher, const struct row *rows, size_t count)
{
	struct match_scratch *scratch = match_scratch_new();
	size_t failed = 0;
	for (size_t i = 0; i < count; i++) {
		struct match_result result;
		matcher_rank(matcher, scratch, str_of(rows[i].utterance), &result);
		const char *got = is_answered(matcher, &result) ? KIT_SHOP[result.candidates[0].intent].name : "";
		if (strcmp(got, rows[i].intent) != 0) {
			print_error("\"%s\": expected \"%s\", got \"%s\" (confidence %.3f, threshold %.3f)\n",
				    rows[i].utterance, rows[i].intent, got,
				    result.count ? result.candidates[0].confidence : 0.0, matcher_threshold(matcher));
			failed++;
		}
	}
	match_scratch_free(scratch);
	return failed;
}

static void answers_its_own_examples_and_paraphrases(void **state)
{
	static const struct row rows[] = {
		{ "delivery time", "delivery" },
		{ "HOW LONG DOES DELIVERY TAKE", "delivery" },
		{ "how long does the delivery take please", "delivery" },
		{ "what is the price of delivery", "price" },
		{ "can you track my package", "track" },
		{ "how can i return the dress", "return" },
		{ "i would like a refund", "refund" },
		{ "which size should i take", "size" },
		{ "can i pay with paypal", "pay" },
		{ "are you open on saturday", "hours" },
		{ "my promo code does not work", "voucher" },
		{ "can i talk to a human", "person" },
		{ "where is my parcle", "track" },
		{ "opning huors", "hours" },
		{ "siz chart", "size" }, /* three letters that have lost one */
		{ "i wnat my mony back", "refund" },
		{ "when are you oepn today", "hours" },
	};
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	size_t failed = failures(matcher, rows, COUNT(rows));
	struct kit kit;
	kit_fill(&kit, KIT_SHOP_COUNT);
	for (size_t i = 0; i < kit.set.example_count; i++) {
		struct row row = { kit.items[i].text.ptr, KIT_SHOP[kit.items[i].intent].name };
		failed += failures(matcher, &row, 1);
	}
	matcher_free(matcher);
	assert_int_equal(failed, 0);
}

/* One kind of nonsense a row. */
static const struct row NONSENSE[] = {
	{ "", "" },
	{ "   \t\n", "" },
	{ "asdf qwer zxcv uiop", "" },
	{ "sdkfjh skdjfh ksjdfh", "" },
	{ "12345 6789", "" },
	{ "7", "" },
	{ "\xF0\x9F\x8E\x89\xF0\x9F\x8E\x89\xF0\x9F\x98\x80", "" },
	{ "?!?!", "" },
	{ "\xff\xfe\x80\x80", "" },
	{ "the parcel of the elephant danced under a purple moon", "" },
	{ "tell my parcel that seven zebras sing opera tonight", "" },
	{ "warum ist der himmel eigentlich so blau", "" },
	{ "donde esta mi parcel", "" }, /* one word of ours among foreign ones */
	{ "je voudrais manger une pomme rouge", "" },
	{ "quiero aprender a tocar la guitarra", "" },
	{ "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82 \xD0\xBA\xD0\xB0\xD0\xBA \xD0\xB4\xD0\xB5\xD0\xBB\xD0\xB0",
	  "" },
	{ "\xE4\xBD\xA0\xE5\xA5\xBD\xE4\xBD\xA0\xE5\xA5\xBD", "" },
	{ "what is the capital of france", "" },
	{ "who won the world cup in 1998", "" },
	{ "how do i bake a chocolate cake", "" },
};

static void refuses_what_it_knows_nothing_about(void **state)
{
	static const size_t SIZES[] = { KIT_SHOP_COUNT, 3, 2, 1 };
	size_t failed = 0;
	char *letters = malloc(4001);
	(void)state;
	memset(letters, 'a', 4000);
	letters[4000] = '\0';
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct matcher *matcher = kit_matcher(SIZES[i]);
		struct row row = { letters, "" };
		size_t here = failures(matcher, NONSENSE, COUNT(NONSENSE));
		here += failures(matcher, &row, 1);
		if (here)
			print_error("with %zu intents\n", SIZES[i]);
		failed += here;
		matcher_free(matcher);
	}
	free(letters);
	assert_int_equal(failed, 0);
}

static void answers_its_examples_even_with_few_intents(void **state)
{
	size_t failed = 0;
	(void)state;
	for (size_t intents = 1; intents <= 3; intents++) {
		struct kit kit;
		struct matcher *matcher = kit_matcher(intents);
		kit_fill(&kit, intents);
		for (size_t i = 0; i < kit.set.example_count; i++) {
			struct row row = { kit.items[i].text.ptr, KIT_SHOP[kit.items[i].intent].name };
			failed += failures(matcher, &row, 1);
		}
		matcher_free(matcher);
	}
	assert_int_equal(failed, 0);
}

/* Whether two matchers say the same of all texts, to the bit; `numbers` turns intents of `a` into those of `b`. */
static void assert_same(const struct matcher *a, const struct matcher *b, const uint32_t *numbers)
{
	struct kit kit;
	struct match_scratch *scratch = match_scratch_new();
	kit_fill(&kit, KIT_SHOP_COUNT);
	double one = matcher_threshold(a), other = matcher_threshold(b);
	assert_memory_equal(&one, &other, sizeof one);
	for (size_t i = 0; i < kit.set.example_count; i++) {
		struct match_result left, right;
		matcher_rank(a, scratch, kit.items[i].text, &left);
		matcher_rank(b, scratch, kit.items[i].text, &right);
		assert_int_equal(left.count, right.count);
		for (size_t c = 0; c < left.count; c++) {
			assert_int_equal(numbers ? numbers[left.candidates[c].intent] : left.candidates[c].intent,
					 right.candidates[c].intent);
			assert_memory_equal(&left.candidates[c].confidence, &right.candidates[c].confidence,
					    sizeof one);
			assert_memory_equal(&left.candidates[c].score, &right.candidates[c].score, sizeof one);
		}
	}
	match_scratch_free(scratch);
}

static void does_not_depend_on_the_order_of_rows(void **state)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	(void)state;
	struct matcher *first = kit_matcher(KIT_SHOP_COUNT), *again = kit_matcher(KIT_SHOP_COUNT);
	assert_same(first, again, NULL);
	kit_fill(&kit, KIT_SHOP_COUNT);
	for (size_t i = 0; i < kit.set.example_count; i++) { /* 7 and the count have no common factor */
		size_t j = i * 7 % kit.set.example_count;
		struct training_example held = kit.items[i];
		kit.items[i] = kit.items[j];
		kit.items[j] = held;
	}
	struct matcher *shuffled = matcher_new(&kit.set, &options);
	assert_same(first, shuffled, NULL);
	matcher_free(first);
	matcher_free(again);
	matcher_free(shuffled);
}

static void does_not_depend_on_the_numbers_of_intents(void **state)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	uint32_t numbers[KIT_SHOP_COUNT];
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	for (uint32_t k = 0; k < KIT_SHOP_COUNT; k++)
		numbers[k] = KIT_SHOP_COUNT - 1 - k;
	for (size_t i = 0; i < kit.set.example_count; i++)
		kit.items[i].intent = numbers[kit.items[i].intent];
	struct matcher *plain = kit_matcher(KIT_SHOP_COUNT), *renumbered = matcher_new(&kit.set, &options);
	assert_same(plain, renumbered, numbers);
	matcher_free(plain);
	matcher_free(renumbered);
}

/* So many intents that several cores share the training. */
enum { MANY_INTENTS = 53, MANY_EXAMPLES = 3, MANY = MANY_INTENTS * MANY_EXAMPLES };

struct many {
	char texts[MANY][64];
	struct training_example items[MANY];
	struct training_set set;
};

/* Intent k is number `k * times` (modulo); the rows come in the order of their numbers, from `first` on. */
static void fill_many(struct many *many, uint32_t times, uint32_t first)
{
	static const char *const FORMS[MANY_EXAMPLES] = { "where can i find the item%u", "item%u on the shelf",
							  "how much is one item%u today" };
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t n = (i + first) % MANY, k = n / MANY_EXAMPLES;
		snprintf(many->texts[i], sizeof many->texts[i], FORMS[n % MANY_EXAMPLES], k / 2 * 7 + n % 2);
		many->items[i] = (struct training_example){ str_of(many->texts[i]), k * times % MANY_INTENTS };
	}
	many->set = (struct training_set){ "en", MANY_INTENTS, many->items, MANY, NULL };
}

static void does_not_depend_on_how_many_cores_there_are(void **state)
{
	struct match_options options = match_options_defaults();
	struct many many, other;
	uint32_t numbers[MANY_INTENTS];
	cpu_set_t all, one;
	(void)state;
	fill_many(&many, 1, 0);
	fill_many(&other, 5, 71);
	for (uint32_t k = 0; k < MANY_INTENTS; k++)
		numbers[k] = k * 5 % MANY_INTENTS;
	struct matcher *plain = matcher_new(&many.set, &options);
	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	CPU_ZERO(&one);
	for (int core = 0; core < CPU_SETSIZE && !CPU_COUNT(&one); core++)
		if (CPU_ISSET(core, &all))
			CPU_SET(core, &one);
	assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
	struct matcher *alone = matcher_new(&other.set, &options);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
	struct match_outlook left = matcher_outlook(plain), right = matcher_outlook(alone);
	assert_memory_equal(&left, &right, sizeof left);
	assert_same(plain, alone, numbers);
	matcher_free(plain);
	matcher_free(alone);
}

static void candidates_are_in_order_and_share_one_certainty(void **state)
{
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	for (size_t i = 0; i < COUNT(NONSENSE); i++) {
		double sum = 0;
		matcher_rank(matcher, scratch, str_of(NONSENSE[i].utterance), &result);
		assert_int_equal(result.count, MATCH_CANDIDATES);
		for (size_t c = 0; c < result.count; c++) {
			sum += result.candidates[c].confidence;
			assert_true(result.candidates[c].confidence >= 0);
			assert_true(!c || result.candidates[c].score <= result.candidates[c - 1].score);
			assert_true(!c || result.candidates[c].confidence <= result.candidates[c - 1].confidence);
		}
		assert_true(sum <= 1.0 + 1e-9);
		assert_true(result.coverage >= 0 && result.coverage <= 1);
	}
	match_scratch_free(scratch);
	matcher_free(matcher);
}

/* A word by itself is no surer than the share of the examples that have it; one that only one intent has may be sure. */
static void a_word_alone_leaves_open_what_is_wanted(void **state)
{
	static const char *const WORDS[] = { "delivery", "track", "refund", "return",
					     "size",     "price", "human",  "dlivery" };
	(void)state;
	struct kit kit;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	size_t looked = 0, shared = 0;
	kit_fill(&kit, KIT_SHOP_COUNT);
	for (size_t i = 0; i < COUNT(WORDS); i++) {
		const char *word = strcmp(WORDS[i], "dlivery") ? WORDS[i] : "delivery";
		size_t all = 0, own[64] = { 0 };
		bool is_wording = false;
		for (size_t e = 0; e < kit.set.example_count; e++) {
			bool has_word = strstr(kit.items[e].text.ptr, word) != NULL;
			all += has_word;
			own[kit.items[e].intent] += has_word;
			is_wording = is_wording || !strcmp(kit.items[e].text.ptr, word);
		}
		matcher_rank(matcher, scratch, str_of(WORDS[i]), &result);
		double sum = 0;
		for (size_t c = 0; c < result.count; c++) {
			sum += result.candidates[c].confidence;
			assert_true(!c || result.candidates[c].confidence <= result.candidates[c - 1].confidence);
		}
		assert_true(sum <= 1.0 + 1e-9);
		if (is_wording || !all)
			continue;
		size_t most = 0;
		for (size_t k = 0; k < KIT_SHOP_COUNT; k++)
			most = own[k] > most ? own[k] : most;
		looked++;
		shared += most < all;
		assert_true(result.candidates[0].confidence <= (double)most / (double)all + 1e-9);
	}
	assert_true(looked >= 3 && shared >= 1);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void says_why_in_places_of_the_utterance(void **state)
{
	static const char UTTERANCE[] = "Hello, could you TRACK my parcel?";
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	double sum = 0;
	matcher_rank(matcher, scratch, str_of(UTTERANCE), &result);
	assert_string_equal(KIT_SHOP[result.candidates[0].intent].name, "track");
	assert_true(result.why_count >= 2);
	for (size_t i = 0; i < result.why_count; i++) {
		assert_true(result.why[i].from < result.why[i].to && result.why[i].to < sizeof UTTERANCE);
		assert_true(result.why[i].weight > 0 && (!i || result.why[i].weight <= result.why[i - 1].weight));
		sum += result.why[i].weight;
	}
	assert_true(sum <= 1.0 + 1e-6);
	assert_memory_equal(UTTERANCE + result.why[0].from, "TRACK", 5);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void a_sentence_that_is_sure_carries_the_story_around_it(void **state)
{
	static const char STORY[] = "My daughter has her birthday on friday and everybody is nervous already! "
				    "Grandmother baked three chocolate cakes; the neighbours borrowed a trumpet. "
				    "Where has my parcle got to?? Greetings from the sunny seaside village.";
	(void)state;
	size_t from = (size_t)(strstr(STORY, "Where") - STORY), to = (size_t)(strstr(STORY, "??") - STORY);
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	matcher_rank(matcher, scratch, str_of(STORY), &result);
	assert_true(is_answered(matcher, &result));
	assert_string_equal(KIT_SHOP[result.candidates[0].intent].name, "track");
	assert_true(result.term_count > 15); /* of the whole */
	assert_int_equal(result.repair_count, 1);
	assert_memory_equal(STORY + result.repairs[0].from, "parcle", 6);
	for (size_t i = 0; i < result.why_count; i++)
		assert_true(result.why[i].from >= from && result.why[i].to <= to);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void tells_what_it_repaired(void **state)
{
	static const struct {
		const char *utterance, *wrong, *repaired; /* NULL when nothing is to be repaired */
	} rows[] = {
		{ "where is my parcle", "parcle", "parcel" },
		{ "delivry time", "delivry", "delivery" },
		{ "is shiping free", "shiping", "shipping" },
		{ "discoutn code", "discoutn", "discount" },
		{ "i need a reciept", "reciept", "receipt" }, /* a word of the table, not of the corpus */
		{ "where is my parcel", NULL, NULL },
		{ "my delight", NULL, NULL }, /* a word of its own */
		{ "xxqqzzvv", NULL, NULL },
	};
	size_t failed = 0;
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct match_result result;
		matcher_rank(matcher, scratch, str_of(rows[i].utterance), &result);
		const char *got = result.repair_count ? result.repairs[0].word : "nothing";
		const char *wanted = rows[i].repaired ? rows[i].repaired : "nothing";
		bool is_in_place =
			!rows[i].wrong || !result.repair_count ||
			!strncmp(rows[i].utterance + result.repairs[0].from, rows[i].wrong, strlen(rows[i].wrong));
		if (strcmp(got, wanted) != 0 || !is_in_place) {
			print_error("\"%s\": expected %s, got %s\n", rows[i].utterance, wanted, got);
			failed++;
		}
	}
	match_scratch_free(scratch);
	matcher_free(matcher);
	assert_int_equal(failed, 0);
}

static void outlook_and_strays_come_from_the_examples(void **state)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	struct training_example items[KIT_SHOP_COUNT * KIT_EXAMPLES + 1];
	size_t count;
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	memcpy(items, kit.items, sizeof kit.items);
	uint32_t planted = (uint32_t)kit.set.example_count;
	items[planted] = (struct training_example){ STR_LIT("is delivery and shipping free, what does it cost"), 5 };
	kit.set.examples = items;
	kit.set.example_count++;
	struct matcher *matcher = matcher_new(&kit.set, &options);
	struct match_outlook outlook = matcher_outlook(matcher);
	assert_int_equal(outlook.tested, kit.set.example_count);
	assert_true(outlook.right + outlook.wrong + outlook.unanswered > 0.999);
	assert_true(outlook.right + outlook.wrong + outlook.unanswered < 1.001);
	assert_true(outlook.accuracy >= outlook.right);
	const struct match_stray *strays = matcher_strays(matcher, &count);
	bool is_found = false;
	for (size_t i = 0; i < count; i++) {
		assert_true(!i || strays[i].confidence <= strays[i - 1].confidence);
		assert_true(strays[i].taken_for != items[strays[i].example].intent);
		is_found |= strays[i].example == planted && strays[i].taken_for == 1;
	}
	assert_true(is_found);
	matcher_free(matcher);
}

static void keeps_a_stricter_promise_with_a_higher_threshold(void **state)
{
	struct kit kit;
	double last = 1.0;
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	for (double share = 0.01; share < 0.5; share *= 2) {
		struct match_options options = match_options_defaults();
		options.wrong_share = share;
		struct matcher *matcher = matcher_new(&kit.set, &options);
		assert_true(matcher_threshold(matcher) >= 0.5 && matcher_threshold(matcher) <= last);
		last = matcher_threshold(matcher);
		matcher_free(matcher);
	}
}

static void a_language_without_a_table_works_too(void **state)
{
	const struct training_example items[] = {
		{ STR_LIT("Wie lange dauert die Lieferung?"), 0 },
		{ STR_LIT("wann kommt mein paket"), 0 },
		{ STR_LIT("lieferzeit"), 0 },
		{ STR_LIT("wie schnell liefert ihr"), 0 },
		{ STR_LIT("Wie kann ich bezahlen?"), 1 },
		{ STR_LIT("nehmt ihr paypal"), 1 },
		{ STR_LIT("zahlungsarten"), 1 },
		{ STR_LIT("kann ich auf rechnung kaufen"), 1 },
		{ STR_LIT("Wie schicke ich etwas zurück?"), 2 },
		{ STR_LIT("rücksendung"), 2 },
		{ STR_LIT("ich möchte die schuhe zurückgeben"), 2 },
		{ STR_LIT("retoure anmelden"), 2 },
	};
	struct training_set set = { "de", 3, items, COUNT(items), NULL };
	struct match_options options = match_options_defaults();
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	(void)state;
	struct matcher *matcher = matcher_new(&set, &options);
	matcher_rank(matcher, scratch, str_of("how long does the lieferung take"), &result);
	assert_false(is_answered(matcher, &result));
	matcher_rank(matcher, scratch, str_of("wie lange dauert eine lieferung"), &result);
	assert_int_equal(result.candidates[0].intent, 0);
	assert_true(is_answered(matcher, &result));
	matcher_rank(matcher, scratch, str_of("der elefant tanzt gern unter palmen"), &result);
	assert_false(is_answered(matcher, &result));
	matcher_rank(matcher, scratch, str_of("rüksendung"), &result);
	assert_int_equal(result.candidates[0].intent, 2);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void hardly_anything_to_learn_from(void **state)
{
	const struct training_example items[] = { { STR_LIT("hello"), 1 }, { STR_LIT(""), 2 } };
	struct match_options options = match_options_defaults();
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	(void)state;
	for (size_t intents = 0; intents <= 4; intents++)
		for (size_t examples = 0; examples <= (intents > 2 ? 2u : intents > 1 ? 1u : 0u); examples++) {
			struct training_set set = { "en", intents, items, examples, NULL };
			struct matcher *matcher = matcher_new(&set, &options);
			matcher_rank(matcher, scratch, str_of("hello world"), &result);
			assert_int_equal(result.count, intents);
			assert_true(matcher_size_bytes(matcher) > 0);
			matcher_free(matcher);
		}
	match_scratch_free(scratch);
	matcher_free(NULL);
	match_scratch_free(NULL);
}

static void long_utterances_are_read_up_to_the_limit(void **state)
{
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	char *text = malloc(UTTERANCE_BYTES_MAX + 1);
	for (size_t i = 0; i <= UTTERANCE_BYTES_MAX; i++)
		text[i] = "delivery time "[i % 14];
	for (size_t len = UTTERANCE_BYTES_MAX - 1; len <= UTTERANCE_BYTES_MAX + 1; len++) {
		matcher_rank(matcher, scratch, (struct str){ text, len }, &result);
		assert_string_equal(KIT_SHOP[result.candidates[0].intent].name, "delivery");
		for (size_t i = 0; i < result.why_count; i++)
			assert_true(result.why[i].to <= UTTERANCE_BYTES_MAX);
	}
	free(text);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void only_ranking_skips_the_confidence(void **state)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	struct match_scratch *scratch = match_scratch_new();
	struct match_result result;
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	options.only_rank = true;
	struct matcher *matcher = matcher_new(&kit.set, &options);
	matcher_rank(matcher, scratch, str_of("track my parcel"), &result);
	assert_true(result.candidates[0].confidence == result.candidates[0].score);
	assert_int_equal(matcher_outlook(matcher).tested, 0);
	match_scratch_free(scratch);
	matcher_free(matcher);
}

static void note_progress(void *context, double share)
{
	double *last = context;
	assert_true(share >= *last && share <= 1.0);
	*last = share;
}

static void reports_progress_up_to_the_end(void **state)
{
	struct kit kit;
	struct match_options options = match_options_defaults();
	double last = 0;
	(void)state;
	kit_fill(&kit, KIT_SHOP_COUNT);
	options.progress = note_progress;
	options.progress_context = &last;
	matcher_free(matcher_new(&kit.set, &options));
	assert_true(last == 1.0);
}

static void *rank_all(void *context)
{
	const struct matcher *matcher = context;
	struct match_scratch *scratch = match_scratch_new();
	double *sum = calloc(1, sizeof *sum);
	for (size_t round = 0; round < 50; round++)
		for (size_t i = 0; i < COUNT(NONSENSE); i++) {
			struct match_result result;
			matcher_rank(matcher, scratch, str_of(NONSENSE[i].utterance), &result);
			*sum += result.candidates[0].confidence;
		}
	match_scratch_free(scratch);
	return sum;
}

static void check_same(const struct match_result *a, const struct match_result *b)
{
	assert_int_equal(a->count, b->count);
	assert_true(a->coverage == b->coverage);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->candidates[i].intent, b->candidates[i].intent);
		assert_true(a->candidates[i].confidence == b->candidates[i].confidence);
	}
	assert_int_equal(a->why_count, b->why_count);
	for (size_t i = 0; i < a->why_count; i++)
		assert_true(a->why[i].from == b->why[i].from && a->why[i].weight == b->why[i].weight);
	assert_int_equal(a->repair_count, b->repair_count);
	for (size_t i = 0; i < a->repair_count; i++)
		assert_string_equal(a->repairs[i].word, b->repairs[i].word);
}

/* What the dialogue does: the utterance is cut once, several matchers are asked how much they know of it, one ranks. */
static void ranks_what_was_read_before(void **state)
{
	static const char *const UTTERANCES[] = {
		"track my parcel",
		"wheres my parcle",
		"",
		"zxcvb qwrtp",
		"delivery",
		"Hello there my friends. I bought a dress in june! where is my order? Many thanks to you all",
	};
	(void)state;
	struct matcher *all = kit_matcher(KIT_SHOP_COUNT), *few = kit_matcher(2);
	struct match_scratch *scratch = match_scratch_new();
	struct arena arena = { 0 };
	for (size_t i = 0; i < COUNT(UTTERANCES); i++) {
		struct match_result whole, read;
		struct tokens tokens = tokens_read_in(&arena, str_of(UTTERANCES[i]), "en");
		matcher_rank(all, scratch, str_of(UTTERANCES[i]), &whole);
		matcher_read(few, scratch, &tokens);
		double known = matcher_coverage(scratch);
		matcher_read(all, scratch, &tokens);
		assert_true(known <= matcher_coverage(scratch));
		matcher_rank_read(all, scratch, &read);
		check_same(&whole, &read);
	}
	arena_clear(&arena);
	match_scratch_free(scratch);
	matcher_free(all);
	matcher_free(few);
}

static void threads_share_a_matcher(void **state)
{
	pthread_t threads[3];
	double *sums[3];
	(void)state;
	struct matcher *matcher = kit_matcher(KIT_SHOP_COUNT);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, rank_all, matcher), 0);
	for (size_t i = 0; i < 3; i++)
		pthread_join(threads[i], (void **)&sums[i]);
	assert_true(*sums[0] == *sums[1] && *sums[1] == *sums[2]);
	for (size_t i = 0; i < 3; i++)
		free(sums[i]);
	matcher_free(matcher);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_its_own_examples_and_paraphrases),
		cmocka_unit_test(refuses_what_it_knows_nothing_about),
		cmocka_unit_test(answers_its_examples_even_with_few_intents),
		cmocka_unit_test(does_not_depend_on_the_order_of_rows),
		cmocka_unit_test(does_not_depend_on_the_numbers_of_intents),
		cmocka_unit_test(does_not_depend_on_how_many_cores_there_are),
		cmocka_unit_test(candidates_are_in_order_and_share_one_certainty),
		cmocka_unit_test(a_word_alone_leaves_open_what_is_wanted),
		cmocka_unit_test(says_why_in_places_of_the_utterance),
		cmocka_unit_test(a_sentence_that_is_sure_carries_the_story_around_it),
		cmocka_unit_test(tells_what_it_repaired),
		cmocka_unit_test(outlook_and_strays_come_from_the_examples),
		cmocka_unit_test(keeps_a_stricter_promise_with_a_higher_threshold),
		cmocka_unit_test(a_language_without_a_table_works_too),
		cmocka_unit_test(hardly_anything_to_learn_from),
		cmocka_unit_test(long_utterances_are_read_up_to_the_limit),
		cmocka_unit_test(only_ranking_skips_the_confidence),
		cmocka_unit_test(reports_progress_up_to_the_end),
		cmocka_unit_test(ranks_what_was_read_before),
		cmocka_unit_test(threads_share_a_matcher),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
