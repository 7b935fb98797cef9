/* SPDX-License-Identifier: Apache-2.0 */
#include "app/loading.h"

#include "app/progress.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>

/* What must be mended comes first. */
static void tell_problems(const struct diagnostics *problems, bool tells_all)
{
	struct buf text = { 0 };
	size_t limit = tells_all ? SIZE_MAX : WARNINGS_TOLD;
	diagnostics_print_some(problems, SEVERITY_ERROR, SIZE_MAX, &text);
	size_t warnings = diagnostics_print_some(problems, SEVERITY_WARNING, limit, &text);
	if (warnings > limit)
		buf_printf(&text, "and %zu more warnings, told by: shopbell check --all\n", warnings - limit);
	diagnostics_print_some(problems, SEVERITY_NOTE, SIZE_MAX, &text);
	fputs(buf_text(&text), stderr);
	buf_clear(&text);
}

struct knowledge *load_knowledge(const char *directory, bool tells_all)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	struct progress progress;
	progress_start(&progress, "learning from the files");
	struct knowledge *knowledge = knowledge_load_telling(directory, NULL, &problems, progress_step, &progress);
	progress_end(&progress);
	tell_problems(&problems, tells_all);
	if (!knowledge)
		fprintf(stderr, "shopbell: %s has %zu error%s: mend %s from the top on, then check again\n", directory,
			problems.error_count, problems.error_count == 1 ? "" : "s",
			problems.error_count == 1 ? "it" : "them");
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return knowledge;
}
