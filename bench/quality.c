/* SPDX-License-Identifier: Apache-2.0 */
/* Measures the matcher on the open data sets and prints one table:
 *
 *     quality [DATA-FOLDER [COLUMNS [plain]]]
 *
 * COLUMNS picks sizes by number (0 full, 1 ten examples, 2 five, 3 and 4 the same with names); `plain` leaves the word
 * vectors out. See bench/README.md. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/vec.h"
#include "match/evaluate.h"
#include "match/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rows of a data set; intents are numbered as they come. */
struct labelled {
	struct training_example *items;
	size_t count, capacity;
};

struct intents {
	struct str *items; /* names */
	size_t count, capacity;
};

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

static bool read_file(struct arena *arena, const char *folder, const char *name, struct str *out)
{
	struct buf content = { 0 };
	char piece[1 << 16];
	size_t got;
	FILE *file = fopen(arena_printf(arena, "%s/intents/%s.tsv", folder, name), "r");
	if (!file)
		return false;
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		buf_add(&content, piece, got);
	fclose(file);
	*out = (struct str){ arena_strdup(arena, buf_str(&content)), content.len };
	buf_clear(&content);
	return true;
}

static uint32_t intent_number(struct intents *intents, struct str name)
{
	for (uint32_t k = 0; k < intents->count; k++)
		if (str_equal(intents->items[k], name))
			return k;
	vec_push(intents, name);
	return (uint32_t)intents->count - 1;
}

static struct labelled read_rows(struct str content, struct intents *intents)
{
	struct labelled rows = { 0 };
	struct str line, text, name;
	while (str_line(&content, &line)) {
		name = line;
		if (!line.len || !str_split(&name, '\t', &text))
			continue;
		vec_push(&rows, (struct training_example){ text, intent_number(intents, name) });
	}
	return rows;
}

static void add_names(struct arena *arena, struct labelled *rows, const struct intents *intents)
{
	for (uint32_t k = 0; k < intents->count; k++) {
		char *name = arena_strdup(arena, intents->items[k]);
		for (char *c = name; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		vec_push(rows, (struct training_example){ str_of(name), k });
	}
}

/* One random error in one word of four letters or more, as people make them. */
static struct str misspelt(struct arena *arena, struct str text, uint64_t *state)
{
	size_t starts[64], lens[64], count = 0;
	for (size_t i = 0; i < text.len && count < 64;) {
		size_t from = i;
		while (i < text.len && ((text.ptr[i] | 32) >= 'a' && (text.ptr[i] | 32) <= 'z'))
			i++;
		if (i - from >= 4)
			starts[count] = from, lens[count++] = i - from;
		i += i == from;
	}
	if (!count)
		return text;
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	unsigned random = (unsigned)(*state >> 33);
	size_t word = random % count, at = starts[word] + (random >> 8) % (lens[word] - 1);
	char letter = (char)('a' + (random >> 16) % 26);
	struct str head = str_part(text, 0, at), tail = str_part(text, at, text.len);
	switch ((random >> 4) % 4) {
	case 0: /* left out */
		return str_of(arena_printf(arena, "%.*s%.*s", STR_ARG(head), STR_ARG(str_part(tail, 1, tail.len))));
	case 1: /* one too many */
		return str_of(arena_printf(arena, "%.*s%c%.*s", STR_ARG(head), letter, STR_ARG(tail)));
	case 2: /* another */
		return str_of(
			arena_printf(arena, "%.*s%c%.*s", STR_ARG(head), letter, STR_ARG(str_part(tail, 1, tail.len))));
	default: /* swapped */
		return str_of(arena_printf(arena, "%.*s%c%c%.*s", STR_ARG(head), tail.ptr[1], tail.ptr[0],
					   STR_ARG(str_part(tail, 2, tail.len))));
	}
}

static double accuracy_misspelt(struct arena *arena, const struct matcher *matcher, const struct labelled *tests)
{
	struct labelled wrong = { 0 };
	uint64_t state = 1;
	for (size_t i = 0; i < tests->count; i++)
		vec_push(&wrong, (struct training_example){ misspelt(arena, tests->items[i].text, &state),
							    tests->items[i].intent });
	double accuracy = evaluate_matcher(matcher, wrong.items, wrong.count, NULL, 0).accuracy;
	vec_clear(&wrong);
	return accuracy;
}

struct measurement {
	const char *folder, *set, *size, *test;
	bool has_names, has_vectors;
};

struct strs {
	struct str *items;
	size_t count, capacity;
};

static struct strs read_texts(struct str content)
{
	struct strs texts = { 0 };
	for (struct str line, text; str_line(&content, &line);)
		if (line.len && str_split(&line, '\t', &text))
			vec_push(&texts, text);
	return texts;
}

static void print_head(void)
{
	printf("%-19s%8s%8s%8s%8s%8s%8s%8s%8s%8s%8s%8s%8s\n", "percent", "right", "-typo", "answered", "right", "ece",
	       "auroc", "refused", "thresh", "load ms", "p50 us", "p99 us", "MB");
}

static void print_row(const struct measurement *wanted, const struct matcher *matcher, const struct evaluation *e,
		      double misspelt_accuracy, double train_ms)
{
	printf("%-10s%-4s%-5s", wanted->set, wanted->size, wanted->has_names ? "+name" : "");
	printf("%8.2f%8.2f%8.2f%8.2f%8.2f", e->accuracy * 100, (e->accuracy - misspelt_accuracy) * 100,
	       e->coverage * 100, e->precision * 100, e->ece * 100);
	if (e->oos_tested)
		printf("%8.2f%8.1f", e->auroc * 100, e->oos_refused * 100);
	else
		printf("%8s%8s", "-", "-");
	printf("%8.3f%8.0f%8.1f%8.1f%8.2f\n", matcher_threshold(matcher), train_ms, e->query_us_p50, e->query_us_p99,
	       (double)matcher_size_bytes(matcher) / 1e6);
	fflush(stdout);
}

static void measure_rows(const struct measurement *wanted, struct arena *arena, const struct labelled *rows,
			 size_t intent_count, const struct labelled *tests, const struct strs *strangers)
{
	struct match_options options = match_options_defaults();
	struct training_set set = { "en", intent_count, rows->items, rows->count, NULL };
	options.use_vectors = wanted->has_vectors;
	double start = now_ms();
	struct matcher *matcher = matcher_new(&set, &options);
	double train_ms = now_ms() - start;
	struct evaluation e = evaluate_matcher(matcher, tests->items, tests->count, strangers->items, strangers->count);
	print_row(wanted, matcher, &e, accuracy_misspelt(arena, matcher, tests), train_ms);
	matcher_free(matcher);
}

static bool measure(const struct measurement *wanted)
{
	struct arena arena = { 0 };
	struct intents intents = { 0 };
	struct labelled rows = { 0 }, tests = { 0 };
	struct strs strangers = { 0 };
	struct str train, test, oos = { 0 };
	bool is_there =
		read_file(&arena, wanted->folder, arena_printf(&arena, "%s/train%s", wanted->set, wanted->size),
			  &train) &&
		read_file(&arena, wanted->folder, arena_printf(&arena, "%s/%s", wanted->set, wanted->test), &test);
	if (is_there) {
		rows = read_rows(train, &intents);
		size_t intent_count = intents.count;
		if (wanted->has_names)
			add_names(&arena, &rows, &intents);
		tests = read_rows(test, &intents);
		if (read_file(&arena, wanted->folder, arena_printf(&arena, "%s/oos-valid", wanted->set), &oos))
			strangers = read_texts(oos);
		measure_rows(wanted, &arena, &rows, intent_count, &tests, &strangers);
	}
	vec_clear(&rows);
	vec_clear(&tests);
	vec_clear(&strangers);
	vec_clear(&intents);
	arena_clear(&arena);
	return is_there;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *set, *test;
	} sets[] = { { "clinc150", "valid" }, { "banking77", "test" }, { "shop27", "valid" } };
	static const struct {
		const char *size;
		bool has_names;
	} sizes[] = { { "", false }, { "-10", false }, { "-5", false }, { "-10", true }, { "-5", true } };
	const char *folder = argc > 1 ? argv[1] : "../shared/data";
	const char *columns = argc > 2 ? argv[2] : "01234"; /* which of `sizes` */
	bool has_vectors = !(argc > 3 && !strcmp(argv[3], "plain"));
	print_head();
	for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
		for (size_t n = 0; n < sizeof sizes / sizeof *sizes; n++) {
			struct measurement wanted = { folder,       sets[s].set,        sizes[n].size,
						      sets[s].test, sizes[n].has_names, has_vectors };
			if (strchr(columns, (int)('0' + n)) && !measure(&wanted))
				printf("%s%s: not measured, no such data in %s\n", sets[s].set, sizes[n].size, folder);
		}
	return 0;
}
