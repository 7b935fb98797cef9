/* SPDX-License-Identifier: Apache-2.0 */
/* Whether something that is sent is what was sent before under the same client_id. The stored event is asked, not the
 * state: by then the conversation may be closed, or somebody else's. */
#include "base/count.h"
#include "dialogue/conversation.h"
#include "dialogue/internal.h"

#include <string.h>

static bool is_same_rating(const struct rating *kept, const struct rating *sent)
{
	return kept->rates == sent->rates && kept->helpful == sent->helpful && kept->csat == sent->csat &&
	       kept->ces == sent->ces && kept->nps == sent->nps && kept->handover_right == sent->handover_right &&
	       !strcmp(kept->comment, sent->comment);
}

/* As step_rate, step_survey and step_rate_handover keep it: what does not belong to the kind was never said. */
static struct rating rating_of(const struct input *input)
{
	struct rating rating = input->rating, blank = event_blank().rating;
	if (input->kind == INPUT_SURVEY) {
		rating.rates = 0;
		rating.helpful = rating.handover_right = -1;
	} else if (input->kind == INPUT_RATE) {
		blank.rates = rating.rates;
		blank.helpful = rating.helpful;
		return blank;
	} else {
		blank.handover_right = rating.handover_right;
		return blank;
	}
	return rating;
}

static bool is_same_text(const struct event *event, const struct input *input)
{
	return str_equal(str_trim(str_of(event->text)), str_trim(input->text));
}

/* The new tag stands at the end; one that was taken off does not. */
static bool is_same_tag(const struct event *event, const struct input *input)
{
	char tidy[4 * TAG_CHARACTERS_MAX + 1];
	struct str all = str_of(event->text), tag, last = { "", 0 };
	if (input->text.len >= sizeof tidy)
		return false;
	tag = tag_tidy(input->text, tidy);
	while (all.len && str_split(&all, '\n', &last))
		;
	return !strcmp(event->intent, tidy) && str_equal(last, tag) == !input->is_removal;
}

bool event_is_of_input(const struct event *event, const struct input *input)
{
	static const struct {
		enum event_kind kind;
		enum author from;
	} made[] = {
		[INPUT_MESSAGE] = { EVENT_MESSAGE, AUTHOR_VISITOR },
		[INPUT_CHOOSE] = { EVENT_MESSAGE, AUTHOR_VISITOR },
		[INPUT_PERSON] = { EVENT_MESSAGE, AUTHOR_VISITOR },
		[INPUT_RATE] = { EVENT_RATING, AUTHOR_VISITOR },
		[INPUT_SURVEY] = { EVENT_RATING, AUTHOR_VISITOR },
		[INPUT_CONTACT] = { EVENT_CONTACT, AUTHOR_VISITOR },
		[INPUT_CLOSE] = { EVENT_CLOSE, AUTHOR_VISITOR },
		[INPUT_CLAIM] = { EVENT_CLAIM, AUTHOR_AGENT },
		[INPUT_AGENT_MESSAGE] = { EVENT_MESSAGE, AUTHOR_AGENT },
		[INPUT_NOTE] = { EVENT_NOTE, AUTHOR_AGENT },
		[INPUT_TAG] = { EVENT_TAGS, AUTHOR_AGENT },
		[INPUT_TRANSFER] = { EVENT_TRANSFER, AUTHOR_SYSTEM },
		[INPUT_RETURN] = { EVENT_RETURN, AUTHOR_SYSTEM },
		[INPUT_AGENT_CLOSE] = { EVENT_CLOSE, AUTHOR_AGENT },
		[INPUT_RATE_HANDOVER] = { EVENT_RATING, AUTHOR_AGENT },
	};
	if (input->kind >= COUNT(made) || event->kind != made[input->kind].kind ||
	    event->from != made[input->kind].from)
		return false;
	struct rating rating = rating_of(input);
	switch (input->kind) {
	case INPUT_MESSAGE: return !*event->intent && is_same_text(event, input);
	case INPUT_CHOOSE: return !strcmp(event->intent, input->option);
	case INPUT_PERSON: return !strcmp(event->intent, "person");
	case INPUT_RATE:
	case INPUT_SURVEY:
	case INPUT_RATE_HANDOVER: return is_same_rating(&event->rating, &rating);
	case INPUT_CONTACT:
		return !strcmp(event->contact_name, input->contact_name) &&
		       !strcmp(event->contact_email, input->contact_email);
	case INPUT_AGENT_MESSAGE:
	case INPUT_NOTE: return is_same_text(event, input);
	case INPUT_TAG: return is_same_tag(event, input);
	case INPUT_TRANSFER: return event->agent == input->to_agent;
	default: return true; /* claim, return, close: there is nothing more to them */
	}
}
