/* SPDX-License-Identifier: Apache-2.0 */
#include "app/progress.h"

#include "cmocka_all.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LONG_AGO_MS = 60 * 1000 };

/* Runs a command's progress with stderr going to `fd`; `ago_ms`: since when it has been running. */
static void run_on(int fd, int64_t ago_ms)
{
	struct progress progress;
	int held = dup(STDERR_FILENO);
	assert_true(held >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	progress_start(&progress, "counting");
	progress.begun_ms -= ago_ms;
	progress_step(&progress, 0.25);
	progress_step(&progress, 0.251);
	progress_step(&progress, 1.0);
	progress_end(&progress);
	fflush(stderr);
	dup2(held, STDERR_FILENO);
	close(held);
}

/* All that was written, up to a mark that is written behind it: what goes through a terminal takes its time. */
static void read_all(int writer, int reader, char *out, size_t size)
{
	size_t len = 0;
	assert_int_equal(write(writer, "#", 1), 1);
	while (!len || out[len - 1] != '#') {
		ssize_t got = read(reader, out + len, size - len);
		assert_true(got > 0);
		len += (size_t)got;
	}
	out[len - 1] = '\0';
}

static void on_a_terminal_one_line_renews_itself_and_goes(void **state)
{
	static const struct {
		int64_t ago_ms;
		const char *expected;
	} rows[] = {
		{ LONG_AGO_MS, "\rcounting ... 25 %\rcounting ... 100 %\r\033[K" },
		{ -LONG_AGO_MS, "" }, /* in the first second nothing is shown */
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char shown[256];
		int master = posix_openpt(O_RDWR | O_NOCTTY);
		assert_true(master >= 0 && !grantpt(master) && !unlockpt(master));
		int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
		assert_true(terminal >= 0);
		run_on(terminal, rows[i].ago_ms);
		read_all(terminal, master, shown, sizeof shown);
		assert_string_equal(shown, rows[i].expected);
		close(terminal);
		close(master);
	}
}

/* What is read in order of time: from the first time to now. */
static void time_tells_how_far_it_is(void **state)
{
	struct progress progress;
	char shown[256];
	int master = posix_openpt(O_RDWR | O_NOCTTY), held = dup(STDERR_FILENO);
	int64_t now_ms = (int64_t)time(NULL) * 1000, day_ms = 24 * 60 * 60 * 1000;
	(void)state;
	assert_true(master >= 0 && !grantpt(master) && !unlockpt(master));
	int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0 && held >= 0 && dup2(terminal, STDERR_FILENO) >= 0);
	progress_start(&progress, "reading");
	progress.begun_ms -= LONG_AGO_MS;
	for (int day = 1000; day >= 0; day -= 250) /* half a day apart from a whole percent, however long this takes */
		progress_reach(&progress, now_ms - day * day_ms - (day && day < 1000 ? day_ms / 2 : 0));
	progress_reach(&progress, now_ms - 900 * day_ms); /* out of order: no way back */
	progress_reach(&progress, now_ms + 10 * day_ms);  /* a clock that was set back since */
	progress_end(&progress);
	fflush(stderr);
	dup2(held, STDERR_FILENO);
	close(held);
	read_all(terminal, master, shown, sizeof shown);
	shown[strcspn(shown, "\033")] = '\0';
	assert_non_null(strstr(shown, "\rreading ... 24 %\rreading ... 49 %\rreading ... 74 %"));
	assert_null(strstr(shown, "... 10 %"));
	assert_null(strstr(shown, "... 101 %"));
	close(terminal);
	close(master);
}

static void in_a_pipe_there_is_nothing(void **state)
{
	char shown[256];
	int ends[2];
	(void)state;
	assert_int_equal(pipe(ends), 0);
	run_on(ends[1], LONG_AGO_MS);
	read_all(ends[1], ends[0], shown, sizeof shown);
	assert_string_equal(shown, "");
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_a_terminal_one_line_renews_itself_and_goes),
		cmocka_unit_test(time_tells_how_far_it_is),
		cmocka_unit_test(in_a_pipe_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
