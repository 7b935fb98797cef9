/* SPDX-License-Identifier: Apache-2.0 */
#include "text/language.h"

#include "text/internal.h"

#include <string.h>

static const struct {
	const char *code, *name, *snowball;
} LANGUAGES[] = {
	{ "ar", "Arabic", "arabic" },         { "ca", "Catalan", "catalan" },       { "da", "Danish", "danish" },
	{ "de", "German", "german" },         { "el", "Greek", "greek" },           { "en", "English", "english" },
	{ "es", "Spanish", "spanish" },       { "eu", "Basque", "basque" },         { "fi", "Finnish", "finnish" },
	{ "fr", "French", "french" },         { "ga", "Irish", "irish" },           { "hi", "Hindi", "hindi" },
	{ "hu", "Hungarian", "hungarian" },   { "hy", "Armenian", "armenian" },     { "id", "Indonesian", "indonesian" },
	{ "it", "Italian", "italian" },       { "lt", "Lithuanian", "lithuanian" }, { "ne", "Nepali", "nepali" },
	{ "nl", "Dutch", "dutch" },           { "no", "Norwegian", "norwegian" },   { "pt", "Portuguese", "portuguese" },
	{ "ro", "Romanian", "romanian" },     { "ru", "Russian", "russian" },       { "sr", "Serbian", "serbian" },
	{ "sv", "Swedish", "swedish" },       { "ta", "Tamil", "tamil" },           { "tr", "Turkish", "turkish" },
	{ "yi", "Yiddish", "yiddish" },
};
enum { LANGUAGE_COUNT = sizeof LANGUAGES / sizeof *LANGUAGES };

const char *language_code(struct str tag)
{
	if (tag.len < 2 || (tag.len > 2 && tag.ptr[2] != '-' && tag.ptr[2] != '_'))
		return NULL;
	struct str code = str_part(tag, 0, 2);
	if (str_equal_nocase(code, STR_LIT("nb")) || str_equal_nocase(code, STR_LIT("nn")))
		code = STR_LIT("no");
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (str_equal_nocase(code, str_of(LANGUAGES[i].code)))
			return LANGUAGES[i].code;
	return NULL;
}

const char *language_name(const char *code)
{
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (!strcmp(LANGUAGES[i].code, code))
			return LANGUAGES[i].name;
	return "";
}

const char *language_snowball(const char *code)
{
	for (size_t i = 0; i < LANGUAGE_COUNT; i++)
		if (!strcmp(LANGUAGES[i].code, code))
			return LANGUAGES[i].snowball;
	return "";
}
