/* SPDX-License-Identifier: Apache-2.0 */
#include "server/assets.h"

/* Weak: the program also links, and serves everything else, where the pages were not built. */
extern const struct asset shopbell_assets[] __attribute__((weak));
extern const uint64_t shopbell_asset_count __attribute__((weak));

const struct asset *asset_find(struct str path)
{
	uint64_t count = &shopbell_asset_count ? shopbell_asset_count : 0;
	for (uint64_t i = 0; i < count; i++)
		if (str_is(path, shopbell_assets[i].path))
			return &shopbell_assets[i];
	return NULL;
}
