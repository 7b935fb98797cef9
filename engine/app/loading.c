/* SPDX-License-Identifier: Apache-2.0 */
#include "app/loading.h"

#include "app/progress.h"
#include "base/arena.h"
#include "base/buf.h"

#include <stdio.h>

struct knowledge *load_knowledge(const char *directory)
{
	struct arena arena = { 0 };
	struct diagnostics problems;
	diagnostics_init(&problems, &arena);
	struct progress progress;
	progress_start(&progress, "learning from the files");
	struct knowledge *knowledge = knowledge_load_telling(directory, NULL, &problems, progress_step, &progress);
	progress_end(&progress);
	struct buf text = { 0 };
	diagnostics_print(&problems, &text);
	fputs(buf_text(&text), stderr);
	if (!knowledge)
		fprintf(stderr, "shopbell: %s has %zu error%s\n", directory, problems.error_count,
			problems.error_count == 1 ? "" : "s");
	buf_clear(&text);
	diagnostics_clear(&problems);
	arena_clear(&arena);
	return knowledge;
}
