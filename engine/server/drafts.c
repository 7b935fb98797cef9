/* SPDX-License-Identifier: Apache-2.0 */
/* What agents taught, until the owner approves or dismisses it.
 *
 * An approved draft goes into a topic file: the whole folder is read, the changed file is put into a copy of it beside
 * the data file, and the copy is loaded with all its checks and tests. Only when nothing is wrong with it the file itself
 * is replaced, in one step, and only if it is still the one that was read. The reload follows as after any other save. */
#include "base/log.h"
#include "base/parallel.h"
#include "corpus/edit.h"
#include "corpus/folder.h"
#include "server/request.h"
#include "text/language.h"
#include "wire/wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool load_drafts(struct clerk *clerk, struct request *request, struct draft_row **out, size_t *out_count)
{
	struct error err = { 0 };
	if (!store_list_drafts(clerk->store, &request->arena, out, out_count, &err))
		return true;
	answer_failure(request, &err);
	return false;
}

void drafts_list(struct clerk *clerk, struct request *request)
{
	struct draft_row *drafts;
	size_t count;
	if (!load_drafts(clerk, request, &drafts, &count))
		return;
	struct wire_draft *rows = arena_zalloc(&request->arena, count + 1, sizeof *rows);
	for (size_t i = 0; i < count; i++) {
		const struct draft_row *draft = &drafts[i];
		rows[i] = (struct wire_draft){
			.id = draft->id,
			.conversation = draft->conversation,
			.seq = draft->seq,
			.at_ms = draft->at_ms,
			.agent = draft->agent,
			.agent_name = draft->agent_name,
			.utterance = draft->utterance,
			.language = draft->language,
			.intent = draft->intent,
			.question = draft->question,
			.answer = draft->answer,
		};
	}
	request->status = 200;
	wire_drafts(&request->answer, rows, count);
}

struct removal {
	struct writing writing; /* first member */
	int64_t draft;
};

static int remove_draft(struct writing *writing, struct store *store, struct error *err)
{
	return store_remove_draft(store, ((struct removal *)(void *)writing)->draft, err);
}

static int take_away(struct clerk *clerk, int64_t draft, struct error *err)
{
	struct removal removal = { .writing.act = remove_draft, .draft = draft };
	if (writer_ask(clerk->options.writer, &removal.writing, err))
		return -1;
	hub_changed(clerk->options.hub, CHANGED_DRAFTS);
	return 0;
}

void drafts_dismiss(struct clerk *clerk, struct request *request)
{
	struct error err = { 0 };
	if (take_away(clerk, request->number, &err))
		answer_failure(request, &err);
	else
		request->status = 204;
}

/* ---- Files ---- */

static int write_file(const char *path, struct str text, mode_t mode, struct error *err)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bool is_written = file >= 0;
	for (size_t at = 0; is_written && at < text.len;) {
		ssize_t more = write(file, text.ptr + at, text.len - at);
		is_written = more > 0 || (more < 0 && errno == EINTR);
		at += more > 0 ? (size_t)more : 0;
	}
	is_written = is_written && !fchmod(file, mode) && !fsync(file);
	int why = errno;
	if (file >= 0)
		close(file);
	return is_written ? 0 : error_set(err, ERROR_SYSTEM, "%s cannot be written: %s", path, strerror(why));
}

static bool is_still(const char *path, struct str text, struct arena *arena)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	char *bytes = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (ssize_t more = 1; file >= 0 && more > 0 && len <= text.len; len += more > 0 ? (size_t)more : 0)
		more = read(file, bytes + len, text.len + 1 - len);
	if (file >= 0)
		close(file);
	return file >= 0 && len == text.len && !memcmp(bytes, text.ptr, len);
}

static void sync_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder >= 0) {
		fsync(folder);
		close(folder);
	}
}

/* Puts `text` in the place of the file: whoever reads it sees the old or the new one whole. A link stays a link. */
static int replace_file(struct arena *arena, const char *directory, const struct corpus_file *before, struct str text,
			struct error *err)
{
	char real[PATH_MAX];
	struct stat info;
	if (!realpath(arena_printf(arena, "%s/%s", directory, before->name), real) || stat(real, &info))
		return error_set(err, ERROR_SYSTEM, "%s: %s", before->name, strerror(errno));
	char *folder = arena_strdup(arena, str_of(real)), *slash = strrchr(folder, '/');
	*slash = '\0';
	/* The point keeps the half-made file out of the folder for whoever reads it. */
	const char *fresh = arena_printf(arena, "%s/.%s.new", folder, slash + 1);
	if (write_file(fresh, text, info.st_mode & 07777, err)) {
		unlink(fresh); /* what of it there was room for */
		return -1;
	}
	if (!is_still(real, before->text, arena)) {
		unlink(fresh);
		return error_set(err, ERROR_CONFLICT, "%s was changed in the meantime: look at it, and approve again",
				 before->name);
	}
	if (rename(fresh, real)) {
		int why = errno;
		unlink(fresh);
		return error_set(err, ERROR_SYSTEM, "%s cannot be replaced: %s", before->name, strerror(why));
	}
	sync_folder(folder);
	return 0;
}

/* ---- The trial ---- */

static int copy_files(struct arena *arena, const char *copy, const struct corpus_file *files, size_t count,
		      struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(arena, "%s/%s", copy, files[i].name),
			   *slash = strchr(files[i].name, '/');
		if (slash)
			mkdir(arena_printf(arena, "%s/%.*s", copy, (int)(slash - files[i].name), files[i].name), 0700);
		if (write_file(path, files[i].text, 0600, err))
			return -1;
	}
	return 0;
}

#define TRIAL_NAME ".trial-" /* behind the data file's own */

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info, (void)type, (void)place;
	remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	enum { FILES_AT_ONCE = 8 };
	nftw(path, remove_entry, FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}

void drafts_tidy(const char *store_path)
{
	struct arena arena = { 0 };
	const char *slash = strrchr(store_path, '/');
	const char *folder = arena_strdup(&arena, (struct str){ store_path, (size_t)(slash - store_path) });
	const char *left = arena_printf(&arena, "%s" TRIAL_NAME, slash + 1);
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		if (str_starts(str_of(entry->d_name), left))
			remove_tree(arena_printf(&arena, "%s/%s", folder, entry->d_name));
	if (dir)
		closedir(dir);
	arena_clear(&arena);
}

struct trial {
	const char *copy;
	const struct knowledge *before;
	struct diagnostics *problems;
	bool is_good;
};

static void load_copy(void *context)
{
	struct trial *trial = context;
	struct knowledge *knowledge = knowledge_load(trial->copy, trial->before, trial->problems);
	trial->is_good = knowledge != NULL;
	knowledge_unref(knowledge);
}

/* Loads the files as the reload will, with every check and test. 0, 1 with problems, -1 with err. */
static int try_files(struct clerk *clerk, struct arena *arena, const struct corpus_file *files, size_t count,
		     struct diagnostics *problems, struct error *err)
{
	char *copy = arena_printf(arena, "%s" TRIAL_NAME "XXXXXX", clerk->options.store_path);
	if (!mkdtemp(copy))
		return error_set(err, ERROR_SYSTEM, "no copy of the files can be made: %s", strerror(errno));
	int status = copy_files(arena, copy, files, count, err);
	if (!status) {
		struct snapshot *snapshot = shelf_take(clerk->options.shelf);
		struct trial trial = { .copy = copy, .before = snapshot->knowledge, .problems = problems };
		parallel_behind(load_copy, &trial); /* visitors do not wait for what is learnt; the owner does */
		status = trial.is_good ? 0 : 1;
		snapshot_unref(snapshot);
	}
	remove_tree(copy);
	return status;
}

/* ---- Approval ---- */

/* What the owner made of the draft. */
enum { WORDING, INTENT, LANGUAGE, QUESTION, FILE_NAME, ANSWER, FIELD_COUNT };
struct approval {
	const char *values[FIELD_COUNT];
	const struct corpus_file *files;
	size_t count, at; /* the file that changes */
	struct str text;  /* how it will be */
	const char *intent;
	struct diagnostics problems;
};

static void answer_problems(struct request *request, const struct approval *approval, const char *message)
{
	request->status = 422;
	wire_http_problems(&request->answer, "refused", message, approval->problems.items, approval->problems.count);
}

static bool find_file(struct approval *approval, const char *name)
{
	for (approval->at = 0; approval->at < approval->count; approval->at++)
		if (!strcmp(approval->files[approval->at].name, name) && str_ends(str_of(name), ".md") &&
		    strcmp(name, "words.md"))
			return true;
	return false;
}

/* Another wording of an intent that there is. */
static int edit_wording(struct arena *arena, struct approval *approval, const struct corpus *corpus, struct error *err)
{
	const struct language_corpus *language = corpus_language(corpus, approval->values[LANGUAGE]);
	if (!language)
		language = &corpus->languages[0];
	uint32_t number = corpus_intent(language, str_of(approval->values[INTENT]));
	if (number == INTENT_NONE)
		return error_set(err, ERROR_MISSING, "there is no question \"%s\" in %s (any more)",
				 approval->values[INTENT], language_name(language->language));
	const struct intent *intent = &language->intents[number];
	if (!find_file(approval, intent->place.file))
		return error_set(err, ERROR_MISSING, "there is no file %s", intent->place.file);
	approval->intent = intent->id;
	return edit_add_wording_in(arena, approval->files[approval->at].text, intent, str_of(approval->values[WORDING]),
				   &approval->text, err);
}

static int edit_question(struct arena *arena, struct approval *approval, struct error *err)
{
	struct edit_question question = { str_of(approval->values[QUESTION]), str_of(approval->values[WORDING]),
					  str_of(approval->values[ANSWER]) };
	if (!find_file(approval, approval->values[FILE_NAME]))
		return error_set(err, ERROR_MISSING, "there is no topic file \"%s\"", approval->values[FILE_NAME]);
	/* A visitor's words that are the heading already add nothing. */
	if (str_equal_nocase(str_trim(question.wording), str_trim(question.question)))
		question.wording.len = 0;
	return edit_add_question_in(arena, approval->files[approval->at].text, &question, &approval->text, err);
}

static size_t intents_in(const struct corpus *corpus)
{
	size_t count = 0;
	for (size_t i = 0; i < corpus->language_count; i++)
		count += corpus->languages[i].intent_count;
	return count;
}

/* How many questions there would be with `text` in the place of the file, and the last of that file; SIZE_MAX when they cannot
 * be read so: the trial tells what is wrong. */
static size_t intents_with(struct arena *arena, const struct approval *approval, struct str text, const char **out_last)
{
	struct diagnostics ignored;
	struct corpus_file *files = arena_alloc(arena, (approval->count + 1) * sizeof *files);
	uint32_t last_line = 0;
	memcpy(files, approval->files, approval->count * sizeof *files);
	files[approval->at].text = text;
	diagnostics_init(&ignored, arena);
	const struct corpus *corpus = corpus_read_in(arena, files, approval->count, &ignored);
	diagnostics_clear(&ignored);
	for (size_t i = 0; corpus && i < corpus->language_count; i++)
		for (size_t j = 0; j < corpus->languages[i].intent_count; j++) {
			const struct intent *intent = &corpus->languages[i].intents[j];
			if (strcmp(intent->place.file, files[approval->at].name) || intent->place.line < last_line)
				continue;
			last_line = intent->place.line;
			*out_last = intent->id;
		}
	return corpus ? intents_in(corpus) : SIZE_MAX;
}

/* Whether a question behind `text` is read as one: a block of code or a comment that does not end would take it in. */
static bool takes_a_question(struct arena *arena, const struct approval *approval, struct str text, size_t count)
{
	const char *last;
	struct str longer = str_of(arena_printf(arena, "%.*s\n\n## Zq %zu zq\n\nx\n", STR_ARG(text), count));
	size_t found = intents_with(arena, approval, longer, &last);
	return found == count + 1 || found == SIZE_MAX;
}

/* The answer is Markdown of the owner's: a heading in it would be a question of its own. NULL, or why not. */
static const char *why_not_one_more(struct arena *arena, struct approval *approval, const struct corpus *before)
{
	size_t count = intents_in(before);
	if (!takes_a_question(arena, approval, approval->files[approval->at].text, count))
		return arena_printf(arena, "%s ends in a block of code or a comment that is not closed: mend it first",
				    approval->files[approval->at].name);
	size_t after = intents_with(arena, approval, approval->text, &approval->intent);
	if (after == SIZE_MAX)
		return NULL;
	if (after != count + 1)
		return "the answer holds a heading: begin its lines without # or ##";
	return takes_a_question(arena, approval, approval->text, after)
		       ? NULL
		       : "the answer begins a block of code or a comment that does not end";
}

/* Makes the new text of the file; false after an answer. */
static bool edit(struct clerk *clerk, struct request *request, struct approval *approval)
{
	struct arena *arena = &request->arena;
	struct error err = { 0 };
	approval->files = folder_read_in(arena, clerk->options.intents, &approval->problems, &approval->count);
	const struct corpus *corpus = corpus_read_in(arena, approval->files, approval->count, &approval->problems);
	if (!corpus || approval->problems.error_count) {
		answer_problems(request, approval, "the files have errors as they are: mend them first");
		return false;
	}
	bool is_wording = *approval->values[INTENT];
	if (is_wording ? edit_wording(arena, approval, corpus, &err) : edit_question(arena, approval, &err)) {
		bool is_missing = err.kind == ERROR_MISSING;
		answer_error(request, is_missing ? 404 : 422, is_missing ? "not_found" : "refused", err.message);
		return false;
	}
	struct corpus_file *files = arena_alloc(arena, (approval->count + 1) * sizeof *files);
	memcpy(files, approval->files, approval->count * sizeof *files);
	files[approval->at].text = approval->text;
	diagnostics_clear(&approval->problems);
	diagnostics_init(&approval->problems, arena);
	const char *why = is_wording ? NULL : why_not_one_more(arena, approval, corpus);
	if (why) {
		answer_error(request, 422, "refused", why);
		return false;
	}
	int status = try_files(clerk, arena, files, approval->count, &approval->problems, &err);
	if (status > 0)
		answer_problems(request, approval, "with this change the files would have errors: nothing was changed");
	else if (status < 0)
		answer_failure(request, &err);
	return status == 0;
}

static void approve(struct clerk *clerk, struct request *request, struct approval *approval)
{
	struct error err = { 0 };
	if (!edit(clerk, request, approval))
		return;
	const struct corpus_file *file = &approval->files[approval->at];
	if (replace_file(&request->arena, clerk->options.intents, file, approval->text, &err)) {
		/* Rights or a full disk: the owner has to read why. */
		answer_error(request, err.kind == ERROR_CONFLICT ? 409 : 503,
			     err.kind == ERROR_CONFLICT ? "conflict" : "not_saved", err.message);
		return;
	}
	log_line(LOG_INFO, "%s: a draft was approved by %s", file->name, request->agent.name);
	/* Should this fail, the draft stays, and can be dismissed: the file has it. */
	if (take_away(clerk, request->number, &err) && err.kind != ERROR_MISSING)
		log_line(LOG_ERROR, "an approved draft cannot be removed: %s", err.message);
	request->status = 200;
	wire_approved(&request->answer, file->name, approval->intent);
}

void drafts_approve(struct clerk *clerk, struct request *request)
{
	static const char *const names[FIELD_COUNT] = {
		[WORDING] = "wording",   [INTENT] = "intent",  [LANGUAGE] = "lang",
		[QUESTION] = "question", [FILE_NAME] = "file", [ANSWER] = "answer",
	};
	struct approval approval = { .intent = "" };
	struct draft_row *drafts;
	size_t count, at = 0;
	if (!request_texts(request, names, FIELD_COUNT, CORPUS_ANSWER_CHARACTERS_MAX, approval.values))
		return;
	if (!*approval.values[INTENT] == !*approval.values[QUESTION]) {
		answer_error(request, 400, "bad_frame", "either `intent` or `question` must be there");
		return;
	}
	if (!load_drafts(clerk, request, &drafts, &count))
		return;
	while (at < count && drafts[at].id != request->number)
		at++;
	if (at == count) {
		answer_error(request, 404, "not_found", "there is no such draft (any more)");
		return;
	}
	diagnostics_init(&approval.problems, &request->arena);
	approve(clerk, request, &approval);
	diagnostics_clear(&approval.problems);
}
