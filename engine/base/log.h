/* SPDX-License-Identifier: Apache-2.0 */
/* Lines for the operator on stderr: `shopbell: level: message`, a priority prefix for journald is not needed
 * because the level is spelt out. Safe from every thread; a line is written whole. */
#ifndef SHOPBELL_BASE_LOG_H
#define SHOPBELL_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Lines above `level` are dropped; LOG_INFO at start. Call before threads start. */
void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
