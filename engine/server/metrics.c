/* SPDX-License-Identifier: Apache-2.0 */
#include "server/metrics.h"

#include "dialogue/event.h"

#include <stdio.h>
#include <unistd.h>

/* Upper bounds in seconds. An fsync takes from a tenth of a ms to seconds, a visitor's wait from seconds to hours. */
static const double commit_bounds_s[HISTOGRAM_BOUNDS] = { 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3,
							  25e-3,  50e-3,  0.1,  0.25,   1,    5 };
static const double wait_bounds_s[HISTOGRAM_BOUNDS] = { 1, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 86400 };

static void observe(struct histogram *histogram, const double bounds_s[HISTOGRAM_BOUNDS], int64_t us)
{
	int i = 0;
	while (i < HISTOGRAM_BOUNDS && (double)us / 1e6 > bounds_s[i])
		i++;
	metrics_add(&histogram->buckets[i], 1);
	metrics_add(&histogram->sum_us, (unsigned long)us);
}

void metrics_commit(struct metrics *metrics, int64_t us, size_t writes, bool is_done)
{
	atomic_store(&metrics->is_saving, is_done);
	if (!is_done) {
		metrics_add(&metrics->commits_failed, 1);
		return;
	}
	metrics_add(&metrics->writes, writes);
	observe(&metrics->commit, commit_bounds_s, us);
}

void metrics_wait(struct metrics *metrics, int64_t ms)
{
	observe(&metrics->wait, wait_bounds_s, ms < 0 ? 0 : ms * 1000);
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

/* Buckets are cumulative in this format; added up here, they agree with the count whatever is counted meanwhile. */
static void print_histogram(struct buf *out, const char *name, const char *help, const struct histogram *histogram,
			    const double bounds_s[HISTOGRAM_BOUNDS])
{
	unsigned long count = 0;
	head(out, name, "histogram", help);
	for (int i = 0; i < HISTOGRAM_BOUNDS; i++) {
		count += histogram->buckets[i];
		buf_printf(out, "shopbell_%s_bucket{le=\"%g\"} %lu\n", name, bounds_s[i], count);
	}
	count += histogram->buckets[HISTOGRAM_BOUNDS];
	buf_printf(out, "shopbell_%s_bucket{le=\"+Inf\"} %lu\nshopbell_%s_sum %.15g\nshopbell_%s_count %lu\n", name,
		   count, name, (double)histogram->sum_us / 1e6, name, count);
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
		{ "unsaved_bytes", "gauge", "Memory held by what waits for the disk.", (double)m->unsaved_bytes },
		{ "unsaved_limit_bytes", "gauge", "How much may: visitors are refused from half of it on.",
		  (double)m->unsaved_bytes_limit },
		{ "overload_refusals_total", "counter", "Frames refused because so much waited for the disk.",
		  (double)m->overload_refusals },
		{ "commits_failed_total", "counter", "Batches the disk refused.", (double)m->commits_failed },
		{ "scrub_owed", "gauge", "1 while what was erased is still to be cleared from the file's free space.",
		  (double)m->is_scrub_owed },
		{ "scrubs_total", "counter", "Times that the file was cleared in pieces.", (double)m->scrubs },
		{ "scrub_seconds_total", "counter", "Time that those pieces took.", (double)m->scrub_us / 1e6 },
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
	print_histogram(out, "commit_seconds", "Time to bring a batch of writes to the disk.", &m->commit,
			commit_bounds_s);
	print_histogram(out, "wait_seconds", "How long visitors waited until an agent came.", &m->wait, wait_bounds_s);
	head(out, "process_resident_memory_bytes", "gauge", "Resident memory.");
	buf_printf(out, "shopbell_process_resident_memory_bytes %.15g\n", resident_bytes());
}
