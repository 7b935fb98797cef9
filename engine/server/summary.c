/* SPDX-License-Identifier: Apache-2.0 */
#include "server/summary.h"

struct wire_summary summary_of_row(const struct conversation_row *row)
{
	return (struct wire_summary){
		.id = row->id,
		.seq = row->seq,
		.owner = row->owner,
		.agent = row->owner == OWNER_AGENT ? row->agent : 0,
		.agent_name = row->agent_name,
		.episode = row->episode,
		.language = row->language,
		.created_ms = row->created_ms,
		.updated_ms = row->updated_ms,
		.waiting_since_ms = row->waiting_since_ms,
		.priority = row->priority,
		.reason = row->reason,
		.mood = row->mood,
		.trend = row->trend,
		.last_text = row->last_text,
		.last_from = row->last_from,
		.last_agent = row->last_agent,
		.last_at_ms = row->last_at_ms,
		.intent = row->intent,
		.visitor_name = row->visitor_name,
		.visitor_email = row->visitor_email,
		.profile = row->profile,
		.is_verified = row->subject[0] != '\0',
		.ticket_ms = row->ticket_ms,
		.is_closed = row->is_closed,
		.handover_right = row->handover_right,
		.snippet = "",
		.tags = row->tags,
	};
}
