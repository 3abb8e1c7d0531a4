/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve-pool.c: see serve-pool.h. What goes through the sockets is in serve-worker.h.
 *
 * A worker answers in the order of its messages, so that those under way are a queue. The first worker is filled before
 * the next gets anything: one big transaction is cheaper than two small ones, which would wait for each other anyway.
 */
#include "serve-pool.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caps.h"
#include "serve-worker.h"

/* @id: of the pool, unlike the message's. @head: the frame and the envelope. @sent: octets of head and body that the
 * worker has got. */
typedef struct {
	guint64 id;
	NxLmtpMessage *message;
	GByteArray *head;
	NxServeDoneFunc done_func;
	gpointer owner;
	gsize sent;
	guint attempts;
} Job;

/* @jobs: given to this worker and not answered; @unsent: of these, how many are not sent whole. @pid: 0 when there
 * is no process; it is started when it gets a job. @retiring: gets no more. */
typedef struct {
	NxServePool *pool;
	NxServeStatus *status;
	GByteArray *input;
	GQueue jobs;
	guint unsent;
	guint read_watch;
	guint write_watch;
	pid_t pid;
	int fd;
	gboolean retiring;
	gboolean killed;
} Worker;

/* @stranded: jobs for which no process could be started. */
struct _NxServePool {
	NxCli *cli;
	NxPipeline *pipeline;
	GPtrArray *workers;
	GPtrArray *retired;
	GQueue stranded;
	guint64 bytes;
	guint64 next_id;
	int lock_fd;
};

static gboolean readable_cb (int fd, GIOCondition condition, gpointer user_data);
static gboolean writable_cb (int fd, GIOCondition condition, gpointer user_data);
static void give (NxServePool *pool, Job *job);

/* ---- jobs ---- */

static gsize
get_size (const Job *job)
{
	return (gsize)job->head->len + job->message->body->len;
}

static Job *
job_new (guint64 id, NxLmtpMessage *message, NxServeDoneFunc done_func, gpointer owner)
{
	Job *job = g_new0 (Job, 1);
	NxServeFrame frame = { .id = id, .body_bytes = message->body->len, .recipients = message->recipients->len };

	job->id = id;
	job->message = message;
	job->done_func = done_func;
	job->owner = owner;
	job->head = g_byte_array_new ();
	g_byte_array_append (job->head, (const guint8 *)&frame, sizeof frame);
	g_byte_array_append (job->head, (const guint8 *)message->sender, (guint)strlen (message->sender) + 1);
	for (guint i = 0; i < message->recipients->len; i++) {
		const char *recipient = g_ptr_array_index (message->recipients, i);

		g_byte_array_append (job->head, (const guint8 *)recipient, (guint)strlen (recipient) + 1);
	}
	frame.envelope_bytes = job->head->len - sizeof frame;
	memcpy (job->head->data, &frame, sizeof frame);
	return job;
}

static void
job_free (Job *job)
{
	nx_lmtp_message_free (job->message);
	g_byte_array_unref (job->head);
	g_free (job);
}

static void
finish_job (NxServePool *pool, Job *job, const guint8 *answers)
{
	pool->bytes -= job->message->body->len;
	job->done_func (job->owner, job->message->id, answers, job->message->recipients->len);
	job_free (job);
}

static void
fail_job (NxServePool *pool, Job *job, NxLmtpAnswer answer)
{
	guint count = job->message->recipients->len;
	g_autofree guint8 *answers = g_malloc (count);

	memset (answers, (int)answer, count);
	finish_job (pool, job, answers);
}

/* ---- processes ---- */

static Worker *
worker_new (NxServePool *pool)
{
	Worker *worker = g_new0 (Worker, 1);

	worker->pool = pool;
	worker->fd = -1;
	worker->input = g_byte_array_new ();
	g_queue_init (&worker->jobs);
	worker->status = mmap (NULL, sizeof *worker->status, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (worker->status == MAP_FAILED)
		worker->status = NULL;
	return worker;
}

static void
close_worker (Worker *worker)
{
	g_clear_handle_id (&worker->read_watch, g_source_remove);
	g_clear_handle_id (&worker->write_watch, g_source_remove);
	if (worker->fd >= 0)
		close (worker->fd);
	worker->fd = -1;
	g_byte_array_set_size (worker->input, 0);
}

static int
wait_for (pid_t pid)
{
	int status = 0;

	while (waitpid (pid, &status, 0) == -1 && errno == EINTR)
		continue;
	return status;
}

static void
drop_jobs (GQueue *jobs)
{
	for (Job *job = NULL; (job = g_queue_pop_head (jobs)) != NULL;)
		job_free (job);
}

/* Who still has jobs then is not waited for; what it had not committed is rolled back. */
static void
worker_free_cb (gpointer data)
{
	Worker *worker = data;

	close_worker (worker);
	if (worker->pid != 0 && !g_queue_is_empty (&worker->jobs))
		kill (worker->pid, SIGKILL);
	if (worker->pid != 0)
		wait_for (worker->pid);
	drop_jobs (&worker->jobs);
	if (worker->status != NULL)
		munmap (worker->status, sizeof *worker->status);
	g_byte_array_unref (worker->input);
	g_free (worker);
}

/* In the child. Of all that the parent has open it keeps its own socket and the lock; so each worker alone holds its
 * end, and its death shows at the other. Signals are for the parent, which closes the socket in its own time. */
static void
run_child (const Worker *worker, int fd, pid_t parent)
{
	const int first = STDERR_FILENO + 1;
	int lock_fd = worker->pool->lock_fd;
	sigset_t none;

	prctl (PR_SET_PDEATHSIG, SIGKILL);
	if (getppid () != parent)
		_exit (0);
	signal (SIGHUP, SIG_IGN);
	signal (SIGINT, SIG_IGN);
	signal (SIGTERM, SIG_IGN);
	sigemptyset (&none);
	sigprocmask (SIG_SETMASK, &none, NULL);
	for (int kept = first; kept < MAX (fd, lock_fd); kept++) {
		if (kept != fd && kept != lock_fd)
			close (kept);
	}
	close_range ((unsigned)MAX (fd, lock_fd) + 1, ~0u, 0);
	nx_serve_worker_run (worker->pool->cli, worker->pool->pipeline, fd, lock_fd, worker->status);
	_exit (0);
}

static gboolean
start_worker (Worker *worker)
{
	pid_t parent = getpid ();
	int fds[2];

	if (worker->status == NULL || socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return FALSE;
	*worker->status = (NxServeStatus){ 0 };
	worker->killed = FALSE;
	worker->pid = fork ();
	if (worker->pid == 0)
		run_child (worker, fds[1], parent);
	close (fds[1]);
	if (worker->pid < 0) {
		worker->pid = 0;
		close (fds[0]);
		return FALSE;
	}
	worker->fd = fds[0];
	g_unix_set_fd_nonblocking (worker->fd, TRUE, NULL);
	worker->read_watch = g_unix_fd_add (worker->fd, G_IO_IN | G_IO_HUP | G_IO_ERR, readable_cb, worker);
	return TRUE;
}

static void
report_end (const Worker *worker, int status)
{
	g_autoptr (GError) error = NULL;

	if (worker->killed)
		g_set_error (&error, NX_ERROR, NX_ERROR_INTERNAL, "a worker took too long and was ended");
	else if (WIFSIGNALED (status))
		g_set_error (&error, NX_ERROR, NX_ERROR_INTERNAL, "a worker was ended by signal %d (%s)",
			     WTERMSIG (status), g_strsignal (WTERMSIG (status)));
	else
		g_set_error (&error, NX_ERROR, NX_ERROR_INTERNAL, "a worker ended with status %d",
			     WEXITSTATUS (status));
	nx_main_log (error);
}

/* The message that it was reading is answered; those behind it, and those that it was recording, go elsewhere. */
static void
end_worker (Worker *worker)
{
	NxServePool *pool = worker->pool;
	guint64 guilty = worker->status->stage == NX_SERVE_STAGE_READING ? worker->status->message : 0;
	GQueue jobs = worker->jobs;
	gboolean expected = worker->retiring && g_queue_is_empty (&jobs);
	int status = 0;

	g_queue_init (&worker->jobs);
	worker->unsent = 0;
	close_worker (worker);
	if (!expected)
		kill (worker->pid, SIGKILL);
	status = wait_for (worker->pid);
	worker->pid = 0;
	if (!expected)
		report_end (worker, status);
	if (worker->retiring)
		g_ptr_array_remove_fast (pool->retired, worker);
	for (Job *job = NULL; (job = g_queue_pop_head (&jobs)) != NULL;) {
		job->sent = 0;
		if (job->id == guilty || ++job->attempts >= NX_CLI_SERVE_ATTEMPTS)
			fail_job (pool, job, NX_LMTP_CRASHED);
		else
			give (pool, job);
	}
}

/* ---- sending ---- */

/* Returns: FALSE when the worker takes no more for now, or is gone, which the other watch finds out. */
static gboolean
send_job (Worker *worker, Job *job)
{
	struct iovec parts[2] = {
		{ .iov_base = job->head->data, .iov_len = job->head->len },
		{ .iov_base = job->message->body->data, .iov_len = job->message->body->len },
	};
	gsize skipped = MIN (job->sent, parts[0].iov_len);
	struct msghdr header = { .msg_iov = parts, .msg_iovlen = 2 };
	gssize count = 0;

	parts[0].iov_base = (char *)parts[0].iov_base + skipped;
	parts[0].iov_len -= skipped;
	if (job->sent > skipped) {
		parts[1].iov_base = (char *)parts[1].iov_base + (job->sent - skipped);
		parts[1].iov_len -= job->sent - skipped;
	}
	do
		count = sendmsg (worker->fd, &header, MSG_NOSIGNAL);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		return FALSE;
	job->sent += (gsize)count;
	return job->sent == get_size (job);
}

static void
pump (Worker *worker)
{
	while (worker->unsent > 0) {
		Job *job = g_queue_peek_nth (&worker->jobs, g_queue_get_length (&worker->jobs) - worker->unsent);

		if (!send_job (worker, job)) {
			if (worker->write_watch == 0)
				worker->write_watch = g_unix_fd_add (worker->fd, G_IO_OUT, writable_cb, worker);
			return;
		}
		worker->unsent--;
	}
	g_clear_handle_id (&worker->write_watch, g_source_remove);
	if (worker->retiring)
		shutdown (worker->fd, SHUT_WR);
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
	Worker *worker = user_data;

	(void)fd;
	(void)condition;
	worker->write_watch = 0;
	pump (worker);
	return G_SOURCE_REMOVE;
}

/* ---- answers ---- */

/* Returns: FALSE when no whole answer has come. */
static gboolean
take_answer (Worker *worker, gsize *at)
{
	NxServeResult result;
	Job *job = g_queue_peek_head (&worker->jobs);
	gsize there = worker->input->len - *at;
	const guint8 *octets = worker->input->data + *at;

	if (there < sizeof result)
		return FALSE;
	memcpy (&result, octets, sizeof result);
	if (there < sizeof result + result.recipients)
		return FALSE;
	*at += sizeof result + (gsize)result.recipients;
	if (job == NULL || job->id != result.id || job->message->recipients->len != result.recipients)
		return FALSE;
	g_queue_pop_head (&worker->jobs);
	finish_job (worker->pool, job, octets + sizeof result);
	return TRUE;
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
	Worker *worker = user_data;
	guint8 chunk[4096];
	gsize at = 0;
	gssize count = recv (fd, chunk, sizeof chunk, 0);

	(void)condition;
	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return G_SOURCE_CONTINUE;
	if (count <= 0) {
		worker->read_watch = 0;
		end_worker (worker);
		return G_SOURCE_REMOVE;
	}
	g_byte_array_append (worker->input, chunk, (guint)count);
	while (take_answer (worker, &at))
		continue;
	g_byte_array_remove_range (worker->input, 0, (guint)at);
	return G_SOURCE_CONTINUE;
}

/* ---- the pool ---- */

static Worker *
choose_worker (const NxServePool *pool)
{
	Worker *best = NULL;

	for (guint i = 0; i < pool->workers->len; i++) {
		Worker *worker = g_ptr_array_index (pool->workers, i);

		if (g_queue_get_length (&worker->jobs) < NX_CLI_SERVE_FILL_MESSAGES)
			return worker;
		if (best == NULL || g_queue_get_length (&worker->jobs) < g_queue_get_length (&best->jobs))
			best = worker;
	}
	return best;
}

static void
give (NxServePool *pool, Job *job)
{
	Worker *worker = choose_worker (pool);

	if (worker->pid == 0 && !start_worker (worker)) {
		g_queue_push_tail (&pool->stranded, job);
		return;
	}
	g_queue_push_tail (&worker->jobs, job);
	worker->unsent++;
	if (worker->write_watch == 0)
		pump (worker);
}

void
nx_serve_pool_submit (NxServePool *pool, NxLmtpMessage *message, NxServeDoneFunc done_func, gpointer owner)
{
	pool->bytes += message->body->len;
	give (pool, job_new (pool->next_id++, message, done_func, owner));
}

guint64
nx_serve_pool_get_bytes (const NxServePool *pool)
{
	return pool->bytes;
}

/* Waiting for the other workers' transactions has no limit of its own: theirs have. */
static gboolean
takes_too_long (const Worker *worker)
{
	const guint *values = worker->pool->cli->settings->serve.values;
	int stage = worker->status->stage;
	gint64 seconds = (g_get_monotonic_time () - worker->status->since) / G_USEC_PER_SEC;

	if (stage == NX_SERVE_STAGE_READING)
		return seconds >= (gint64)values[NX_SERVE_PARSE_SECONDS];
	return stage == NX_SERVE_STAGE_STORING &&
	       seconds >= (gint64)values[NX_SERVE_STORE_SECONDS] + NX_CLI_SERVE_GRACE_SECONDS;
}

/* Its end of the socket closes, and readable_cb() does the rest. */
static void
check_workers (const GPtrArray *workers)
{
	for (guint i = 0; i < workers->len; i++) {
		Worker *worker = g_ptr_array_index (workers, i);

		if (worker->pid == 0 || worker->killed || !takes_too_long (worker))
			continue;
		worker->killed = TRUE;
		kill (worker->pid, SIGKILL);
	}
}

void
nx_serve_pool_check (NxServePool *pool)
{
	GQueue stranded = pool->stranded;

	check_workers (pool->workers);
	check_workers (pool->retired);
	g_queue_init (&pool->stranded);
	for (Job *job = NULL; (job = g_queue_pop_head (&stranded)) != NULL;) {
		if (++job->attempts >= NX_CLI_SERVE_ATTEMPTS)
			fail_job (pool, job, NX_LMTP_CRASHED);
		else
			give (pool, job);
	}
}

/* The first is there from the beginning, so that it says at once what is wrong with the database. */
static gboolean
add_workers (NxServePool *pool)
{
	guint count = pool->cli->settings->serve.values[NX_SERVE_WORKERS];

	for (guint i = 0; i < count; i++)
		g_ptr_array_add (pool->workers, worker_new (pool));
	return start_worker (g_ptr_array_index (pool->workers, 0));
}

NxServePool *
nx_serve_pool_new (NxCli *cli, NxPipeline *pipeline, GError **error)
{
	NxServePool *pool = g_new0 (NxServePool, 1);

	pool->cli = cli;
	pool->pipeline = pipeline;
	pool->workers = g_ptr_array_new_with_free_func (worker_free_cb);
	pool->retired = g_ptr_array_new_with_free_func (worker_free_cb);
	pool->next_id = 1;
	g_queue_init (&pool->stranded);
	pool->lock_fd = memfd_create ("lock", MFD_CLOEXEC);
	if (pool->lock_fd >= 0 && add_workers (pool))
		return pool;
	g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "cannot start a worker: %s", g_strerror (errno));
	nx_serve_pool_free (pool);
	return NULL;
}

/* A worker without a process has nothing to end. */
static void
retire_worker (NxServePool *pool, Worker *worker)
{
	if (worker->pid == 0) {
		worker_free_cb (worker);
		return;
	}
	worker->retiring = TRUE;
	g_ptr_array_add (pool->retired, worker);
	pump (worker);
}

void
nx_serve_pool_renew (NxServePool *pool, NxPipeline *pipeline)
{
	nx_pipeline_free (pool->pipeline);
	pool->pipeline = pipeline;
	while (pool->workers->len > 0)
		retire_worker (pool, g_ptr_array_steal_index (pool->workers, pool->workers->len - 1));
	add_workers (pool);
}

void
nx_serve_pool_free (NxServePool *pool)
{
	if (pool == NULL)
		return;
	g_ptr_array_unref (pool->workers);
	g_ptr_array_unref (pool->retired);
	drop_jobs (&pool->stranded);
	nx_pipeline_free (pool->pipeline);
	if (pool->lock_fd >= 0)
		close (pool->lock_fd);
	g_free (pool);
}
