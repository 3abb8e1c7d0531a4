/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.c: runs a program and tells what it took. It is small itself, for the peak memory that the kernel tells of a
 * process begins with that of whoever started it.
 *
 * spawn COUNT STDIN PROGRAM [ARGUMENT...]: one after the other; what they print is dropped. A line for each: wall and
 * CPU (user and system, with all children) in microseconds, peak resident memory in KiB, exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long
to_usec (struct timeval time)
{
	return time.tv_sec * 1000000LL + time.tv_usec;
}

static long long
read_clock (void)
{
	struct timespec now;
	clock_gettime (CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static int
run (const char *input, char **argv)
{
	posix_spawn_file_actions_t files;
	struct rusage usage;
	pid_t pid;
	int status = 0;
	posix_spawn_file_actions_init (&files);
	posix_spawn_file_actions_addopen (&files, 0, input, O_RDONLY, 0);
	posix_spawn_file_actions_addopen (&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen (&files, 2, "/dev/null", O_WRONLY, 0);
	long long start = read_clock ();
	int error = posix_spawnp (&pid, argv[0], &files, NULL, argv, environ);
	if (error != 0 || wait4 (pid, &status, 0, &usage) < 0) {
		fprintf (stderr, "spawn: %s: %s\n", argv[0], strerror (error != 0 ? error : errno));
		return EXIT_FAILURE;
	}
	posix_spawn_file_actions_destroy (&files);
	printf ("%lld %lld %ld %d\n", read_clock () - start, to_usec (usage.ru_utime) + to_usec (usage.ru_stime),
		usage.ru_maxrss, WIFEXITED (status) ? WEXITSTATUS (status) : 128 + WTERMSIG (status));
	return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
	if (argc < 4) {
		fprintf (stderr, "usage: spawn COUNT STDIN PROGRAM [ARGUMENT...]\n");
		return EXIT_FAILURE;
	}
	for (long left = strtol (argv[1], NULL, 10); left > 0; left--)
		if (run (argv[2], argv + 3) != EXIT_SUCCESS)
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
