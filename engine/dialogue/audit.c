/* SPDX-License-Identifier: Apache-2.0 */
#include "dialogue/audit.h"
#include "base/vec.h"
#include "dialogue/report.h"

#include <stdio.h>
#include <string.h>

void audit_clear(struct audit *audit)
{
	for (size_t i = 0; i < audit->groups.count; i++)
		sample_clear(&audit->groups.items[i].wait);
	vec_clear(&audit->groups);
}

static struct audit_group *group_named(struct audit *audit, const char *name)
{
	struct audit_group fresh = { .episodes = 0 };
	snprintf(fresh.name, sizeof fresh.name, "%s", name);
	size_t at = 0;
	while (at < audit->groups.count && strcmp(audit->groups.items[at].name, fresh.name) < 0)
		at++;
	if (at < audit->groups.count && !strcmp(audit->groups.items[at].name, fresh.name))
		return &audit->groups.items[at];
	vec_push(&audit->groups, fresh);
	struct audit_group *place = &audit->groups.items[at];
	memmove(place + 1, place, (audit->groups.count - 1 - at) * sizeof *place);
	*place = fresh;
	return place;
}

void audit_add(struct audit *audit, const char *name, const struct episode *episode)
{
	struct audit_group *group = group_named(audit, name);
	group->episodes++;
	group->handover.whole++;
	group->handover.part += episode->is_handed_over;
	group->refusal.whole += episode->turns;
	group->refusal.part += episode->misses;
	group->satisfied.whole += episode->csat > 0;
	group->satisfied.part += episode->csat >= 4;
	group->prompt.whole += episode->wait_ms >= 0;
	group->prompt.part += episode->wait_ms >= 0 && episode->wait_ms <= (int64_t)REPORT_TARGET_S * 1000;
	if (episode->wait_ms >= 0)
		sample_add(&group->wait, (double)episode->wait_ms / 1000);
}

static const struct rate *rate_at(const struct audit_group *group, size_t offset)
{
	return (const struct rate *)(const void *)((const char *)group + offset);
}

bool audit_differs(const struct audit *audit, const struct audit_group *group, size_t offset)
{
	struct rate rate = *rate_at(group, offset), others = { -rate.part, -rate.whole };
	for (size_t i = 0; i < audit->groups.count; i++) {
		others.part += rate_at(&audit->groups.items[i], offset)->part;
		others.whole += rate_at(&audit->groups.items[i], offset)->whole;
	}
	if (rate.whole < SAMPLE_TOO_FEW || others.whole < SAMPLE_TOO_FEW)
		return false;
	double low, high, others_low, others_high;
	rate_interval(rate, &low, &high);
	rate_interval(others, &others_low, &others_high);
	return low > others_high || high < others_low;
}
