/* SPDX-License-Identifier: Apache-2.0 */
/* The sample frames of tests/wire, for the tests of the wire. */
#ifndef SHOPBELL_TESTS_WIRE_SAMPLES_H
#define SHOPBELL_TESTS_WIRE_SAMPLES_H

#include "base/mem.h"
#include "wire/wire.h"

#include "cmocka_all.h"

#include <cjson/cJSON.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The sample called NAME.json in `folder`, to be deleted by the caller. */
static inline cJSON *sample_load(const char *folder, const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s.json", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		fail_msg("%s cannot be opened", path);
	char *text = mem_zalloc(200 * 1024, 1);
	size_t len = fread(text, 1, 200 * 1024 - 1, file);
	fclose(file);
	cJSON *sample = cJSON_ParseWithLength(text, len);
	if (!sample)
		fail_msg("%s is not JSON", path);
	free(text);
	return sample;
}

/* The names of all samples in `folder` that start with `prefix`, for the caller to free one by one. */
static inline size_t sample_names(const char *folder, const char *prefix, char **names, size_t room)
{
	DIR *listing = opendir(folder);
	assert_non_null(listing);
	size_t count = 0;
	for (struct dirent *entry; (entry = readdir(listing));) {
		struct str name = str_of(entry->d_name);
		if (!str_starts(name, prefix) || !str_ends(name, ".json"))
			continue;
		assert_true(count < room);
		names[count] = mem_strdup(entry->d_name);
		names[count++][name.len - strlen(".json")] = '\0';
	}
	closedir(listing);
	return count;
}

/* The bytes of the sample's frame, as a text for the caller to free. */
static inline char *sample_bytes(const cJSON *sample)
{
	const cJSON *text = cJSON_GetObjectItem(sample, "frame_text");
	if (text)
		return mem_strdup(text->valuestring);
	char *printed = cJSON_PrintUnformatted(cJSON_GetObjectItem(sample, "frame"));
	assert_non_null(printed);
	return printed;
}

static inline enum frame_side sample_side(const cJSON *sample)
{
	const char *direction = cJSON_GetStringValue(cJSON_GetObjectItem(sample, "direction"));
	assert_non_null(direction);
	return strcmp(direction, "agent") == 0 ? SIDE_AGENT : SIDE_VISITOR;
}

#endif
