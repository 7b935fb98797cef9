/* SPDX-License-Identifier: Apache-2.0 */
#include "server/metrics.h"

#include "dialogue/event.h"

#include <stdio.h>
#include <unistd.h>

/* Upper bounds of the histogram of commits in microseconds: an fsync takes from a tenth of a ms to seconds. */
static const int64_t bounds_us[COMMIT_BUCKETS] = { 250,   500,   1000,   2500,   5000,    10000,
						   25000, 50000, 100000, 250000, 1000000, 5000000 };

void metrics_commit(struct metrics *metrics, int64_t us, size_t writes, bool is_done)
{
	atomic_store(&metrics->is_saving, is_done);
	metrics_add(is_done ? &metrics->commits : &metrics->commits_failed, 1);
	if (!is_done)
		return;
	metrics_add(&metrics->writes, writes);
	metrics_add(&metrics->commit_us, (unsigned long)us);
	for (int i = 0; i < COMMIT_BUCKETS; i++)
		if (us <= bounds_us[i])
			metrics_add(&metrics->commit_buckets[i], 1);
}

static void head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP shopbell_%s %s\n# TYPE shopbell_%s %s\n", name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type, const char *help, double value)
{
	head(out, name, type, help);
	buf_printf(out, "shopbell_%s %.15g\n", name, value);
}

static void print_commits(const struct metrics *metrics, struct buf *out)
{
	head(out, "commit_seconds", "histogram", "Time to bring a batch of writes to the disk.");
	for (int i = 0; i < COMMIT_BUCKETS; i++)
		buf_printf(out, "shopbell_commit_seconds_bucket{le=\"%g\"} %lu\n", (double)bounds_us[i] / 1e6,
			   metrics->commit_buckets[i]);
	buf_printf(out, "shopbell_commit_seconds_bucket{le=\"+Inf\"} %lu\n", metrics->commits);
	buf_printf(out, "shopbell_commit_seconds_sum %g\n", (double)metrics->commit_us / 1e6);
	buf_printf(out, "shopbell_commit_seconds_count %lu\n", metrics->commits);
}

static void print_dialogue(const struct metrics *metrics, struct buf *out)
{
	head(out, "decisions_total", "counter", "What the bot did with visitors' messages.");
	for (int i = 0; i <= ACTION_HANDOVER; i++)
		buf_printf(out, "shopbell_decisions_total{action=\"%s\"} %lu\n", action_name((enum action)i),
			   metrics->decisions[i]);
	head(out, "handovers_total", "counter", "Handovers to people by reason.");
	for (int i = REASON_ASKED; i <= REASON_SEGMENT; i++)
		buf_printf(out, "shopbell_handovers_total{reason=\"%s\"} %lu\n", reason_name((enum reason)i),
			   metrics->handovers[i]);
}

/* /proc/self/statm counts in pages. */
static double resident_bytes(void)
{
	long total = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (!file)
		return 0;
	if (fscanf(file, "%ld %ld", &total, &resident) != 2)
		resident = 0;
	fclose(file);
	return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

void metrics_print(const struct metrics *m, struct buf *out)
{
	const struct {
		const char *name, *type, *help;
		double value;
	} rows[] = {
		{ "visitors", "gauge", "Visitors connected.", (double)m->visitors },
		{ "agents", "gauge", "Connections of agents.", (double)m->agents },
		{ "waiting", "gauge", "Conversations that wait for an agent.", (double)m->waiting },
		{ "wait_estimates_total", "counter", "Waits that began with an estimate and ended with a claim.",
		  (double)m->wait_estimates },
		{ "wait_estimate_error_seconds_total", "counter", "By how much those estimates missed, in all.",
		  (double)m->wait_estimate_error_ms / 1e3 },
		{ "conversations_loaded", "gauge", "Conversations in memory.", (double)m->conversations_loaded },
		{ "http_connections", "gauge", "HTTP connections.", (double)m->http_connections },
		{ "connections_total", "counter", "Connections accepted.", (double)m->connections },
		{ "connections_refused_total", "counter", "Connections over a limit.", (double)m->connections_refused },
		{ "visitor_messages_total", "counter", "Messages of visitors.", (double)m->messages },
		{ "agent_messages_total", "counter", "Messages of agents.", (double)m->agent_messages },
		{ "errors_sent_total", "counter", "Error frames sent.", (double)m->errors_sent },
		{ "rate_limited_total", "counter", "Frames and calls over a rate.", (double)m->rate_limited },
		{ "outbox_overflows_total", "counter", "Readers closed for not reading.", (double)m->outbox_overflows },
		{ "http_requests_total", "counter", "HTTP requests.", (double)m->http_requests },
		{ "sign_ins_total", "counter", "Agents signed in.", (double)m->sign_ins },
		{ "sign_ins_refused_total", "counter", "Sign-ins refused.", (double)m->sign_ins_refused },
		{ "writes_total", "counter", "Steps of conversations stored.", (double)m->writes },
		{ "write_conflicts_total", "counter", "Steps that came too late.", (double)m->conflicts },
		{ "commits_failed_total", "counter", "Batches the disk refused.", (double)m->commits_failed },
		{ "reloads_total", "counter", "Reloads of the owner's files.", (double)m->reloads },
		{ "reloads_failed_total", "counter", "Reloads refused for errors.", (double)m->reloads_failed },
		{ "decide_seconds_total", "counter", "Time spent deciding.", (double)m->answer_us / 1e6 },
		{ "saving", "gauge", "1 when the last commit reached the disk.", (double)m->is_saving },
		{ "corpus_current", "gauge", "1 when the files as they are now are served.", (double)m->is_serving },
		{ "corpus_loaded_timestamp_seconds", "gauge", "When they were loaded.", (double)m->corpus_loaded_s },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		one(out, rows[i].name, rows[i].type, rows[i].help, rows[i].value);
	print_dialogue(m, out);
	print_commits(m, out);
	head(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
	buf_printf(out, "shopbell_process_resident_memory_bytes %.15g\n", resident_bytes());
}
