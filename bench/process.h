/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel knows of a process that is measured. */
#ifndef SHOPBELL_BENCH_PROCESS_H
#define SHOPBELL_BENCH_PROCESS_H

/* Processor time that a process and all its threads have used, in seconds; 0 when there is no such process. */
double process_cpu_s(long pid);
/* What it has resident, in bytes; 0 when there is no such process. */
double process_resident_bytes(long pid);

#endif
