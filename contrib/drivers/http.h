/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * http.h: JSON over HTTP for the drivers whose list manager has such an interface.
 *
 * What is no answer to the question is an error here: no connection, a time-out, 408, 429 and 5xx
 * (NX_ERROR_STORE_BUSY), 401 and 403 (NX_ERROR_CONFIG). All other statuses are the caller's to judge. No redirection is
 * followed: it would hand the password on.
 */
#pragma once

#include <jansson.h>

#include <nixie/error.h>

G_BEGIN_DECLS

/* One answer; seconds for a connection, and for all of a request. */
#define NX_HTTP_ANSWER_BYTES (64u << 20)
#define NX_HTTP_CONNECT_SECONDS 10
#define NX_HTTP_SECONDS 40

typedef struct NxHttp NxHttp;

/**
 * NxHttpAnswer: @status: 100 to 599. @json: (nullable): of the body, when it is JSON.
 */
typedef struct {
	json_t *json;
	long status;
} NxHttpAnswer;

/**
 * nx_http_new: @url: what each path is added to. @user, @password_file: (nullable): of the basic authentication.
 */
NxHttp *nx_http_new (const char *url, const char *user, const char *password_file, GError **error);
void nx_http_free (NxHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NxHttp, nx_http_free)

void nx_http_answer_clear (NxHttpAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (NxHttpAnswer, nx_http_answer_clear)

/**
 * nx_http_escape: one part of a path, or a value of a query. Returns: (transfer full)
 */
char *nx_http_escape (const char *text);

/**
 * nx_http_call: @path: behind the URL, or a URL of the same server, as answers name them. @body: (nullable) (transfer
 * full).
 */
gboolean nx_http_call (NxHttp *http, const char *method, const char *path, json_t *body, NxHttpAnswer *answer_out,
		       GError **error);

/**
 * nx_http_set_error: says that the answer to @method @path was not to be expected, with the server's words.
 */
void nx_http_set_error (const NxHttp *http, const char *method, const char *path, const NxHttpAnswer *answer,
			GError **error);

/**
 * nx_http_change: nx_http_call() for which 2xx and @also (or 0) are good.
 */
gboolean nx_http_change (NxHttp *http, const char *method, const char *path, json_t *body, long also, GError **error);

G_END_DECLS
