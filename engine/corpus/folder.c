/* SPDX-License-Identifier: Apache-2.0 */
#include "corpus/folder.h"

#include "base/count.h"
#include "base/vec.h"
#include "text/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	struct arena *arena;
	struct diagnostics *problems;
	struct {
		struct corpus_file *items;
		size_t count, capacity;
	} files;
	bool is_full;
};

static void tell(struct folder *folder, enum severity severity, const char *name, const char *what, const char *hint)
{
	struct problem problem = { severity, { name, 0, 0 }, what, hint, "", 1 };
	diagnostics_add(folder->problems, &problem);
}

static void tell_errno(struct folder *folder, const char *name, const char *hint)
{
	tell(folder, SEVERITY_ERROR, name, arena_printf(folder->arena, "cannot be read: %s", strerror(errno)), hint);
}

/* Reads up to the limit; false with errno. */
static bool read_all(struct folder *folder, int file, size_t size, struct str *out)
{
	char *bytes = arena_alloc(folder->arena, size + 1);
	size_t len = 0;
	while (len < size) {
		ssize_t more = read(file, bytes + len, size - len);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return false;
		if (!more)
			break; /* it was cut while being read; the watcher will come again */
		len += (size_t)more;
	}
	*out = (struct str){ bytes, len };
	return true;
}

static void read_file(struct folder *folder, int directory, const char *entry, const char *name)
{
	struct corpus_file file = { .name = name };
	struct stat info;
	/* A named pipe would block the opening without O_NONBLOCK. */
	int descriptor = openat(directory, entry, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (descriptor < 0 || fstat(descriptor, &info)) {
		tell_errno(folder, name, "");
	} else if (!S_ISREG(info.st_mode)) {
		tell(folder, SEVERITY_WARNING, name, "is no ordinary file and is not read", "");
	} else if (info.st_size > CORPUS_FILE_BYTES_MAX) {
		tell(folder, SEVERITY_ERROR, name,
		     arena_printf(folder->arena, "the file has more than %d bytes", CORPUS_FILE_BYTES_MAX),
		     "cut it into several");
	} else if (folder->files.count >= CORPUS_FILES_MAX) {
		if (!folder->is_full)
			tell(folder, SEVERITY_ERROR, name,
			     arena_printf(folder->arena, "more than %d files", CORPUS_FILES_MAX), "");
		folder->is_full = true;
	} else if (read_all(folder, descriptor, (size_t)info.st_size, &file.text)) {
		vec_push(&folder->files, file);
	} else {
		tell_errno(folder, name, "");
	}
	if (descriptor >= 0)
		close(descriptor);
}

static bool is_folder(int directory, const char *entry)
{
	struct stat info;
	return !fstatat(directory, entry, &info, 0) && S_ISDIR(info.st_mode);
}

static void read_folder(struct folder *folder, int directory, const char *prefix);

static bool is_nearly_topic(struct str entry)
{
	static const char *const ENDINGS[] = { ".MD", ".Md", ".markdown", ".mkd", ".md.txt" };
	for (size_t i = 0; i < COUNT(ENDINGS); i++)
		if (str_ends(entry, ENDINGS[i]))
			return true;
	return false;
}

static void read_entry(struct folder *folder, int directory, const char *prefix, const char *entry)
{
	const char *name = arena_printf(folder->arena, "%s%s", prefix, entry);
	bool is_top = !*prefix;
	if (*entry == '.') /* of editors and version control */
		return;
	if (!is_folder(directory, entry)) {
		if (str_ends(str_of(entry), ".md") || (is_top && !strcmp(entry, "shop.ini")))
			read_file(folder, directory, entry, name);
		else if (!strcmp(entry, "shop.ini"))
			tell(folder, SEVERITY_WARNING, name, "this file is not read",
			     "shop.ini stands in the folder above");
		else if (is_nearly_topic(str_of(entry)))
			tell(folder, SEVERITY_WARNING, name, "this file is not read",
			     "the name of a topic file ends with .md");
		return;
	}
	if (is_top && !strcmp(entry, "tests"))
		return; /* conversations, read by others */
	if (!is_top || !language_code(str_of(entry))) {
		tell(folder, SEVERITY_WARNING, name, "this folder is not read",
		     "only folders named by the code of a language are, such as de or fr");
		return;
	}
	int inner = openat(directory, entry, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (inner < 0)
		tell_errno(folder, name, "");
	else
		read_folder(folder, inner, arena_printf(folder->arena, "%s/", name));
}

/* Takes the descriptor. */
static void read_folder(struct folder *folder, int directory, const char *prefix)
{
	DIR *list = fdopendir(directory);
	if (!list) {
		tell_errno(folder, *prefix ? prefix : ".", "");
		close(directory);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));)
		read_entry(folder, directory, prefix, entry->d_name);
	closedir(list);
}

const struct corpus_file *folder_read_in(struct arena *arena, const char *directory, struct diagnostics *problems,
					 size_t *out_count)
{
	struct folder folder = { .arena = arena, .problems = problems };
	int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		tell_errno(&folder, directory, "name the folder that your topic files are in");
	else
		read_folder(&folder, descriptor, "");
	struct corpus_file *files = arena_zalloc(arena, folder.files.count + 1, sizeof *files);
	if (folder.files.count)
		memcpy(files, folder.files.items, folder.files.count * sizeof *files);
	*out_count = folder.files.count;
	vec_clear(&folder.files);
	return files;
}
