/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * http.c: libcurl and jansson do it. See http.h.
 */
#include "http.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "driver.h"

struct NxHttp {
	CURL *curl;
	char *url;
	char *user;
	char *password;
};

/* @full: the answer was longer than NX_HTTP_ANSWER_BYTES. */
typedef struct {
	GString *text;
	gboolean full;
} Body;

void
nx_http_free (NxHttp *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup (http->curl);
	g_free (http->url);
	g_free (http->user);
	g_free (http->password);
	g_free (http);
}

void
nx_http_answer_clear (NxHttpAnswer *answer)
{
	json_decref (answer->json);
	answer->json = NULL;
}

NxHttp *
nx_http_new (const char *url, const char *user, const char *password_file, GError **error)
{
	g_autoptr (NxHttp) http = g_new0 (NxHttp, 1);

	if (!g_str_has_prefix (url, "http://") && !g_str_has_prefix (url, "https://")) {
		g_set_error (error, NX_ERROR, NX_ERROR_CONFIG, "--url: \"%s\" must begin with http:// or https://",
			     url);
		return NULL;
	}
	http->url = g_strdup (url);
	while (g_str_has_suffix (http->url, "/"))
		http->url[strlen (http->url) - 1] = '\0';
	http->user = g_strdup (user);
	if (password_file != NULL) {
		http->password = nx_driver_read_secret (password_file, error);
		if (http->password == NULL)
			return NULL;
	}
	http->curl = curl_easy_init ();
	if (http->curl == NULL) {
		g_set_error (error, NX_ERROR, NX_ERROR_INTERNAL, "libcurl cannot be started");
		return NULL;
	}
	return g_steal_pointer (&http);
}

char *
nx_http_escape (const char *text)
{
	return g_uri_escape_string (text, NULL, FALSE);
}

static size_t
take_body (char *bytes, size_t size, size_t count, void *user_data)
{
	Body *body = user_data;

	if (body->text->len + size * count > NX_HTTP_ANSWER_BYTES) {
		body->full = TRUE;
		return 0;
	}
	g_string_append_len (body->text, bytes, (gssize)(size * count));
	return size * count;
}

static char *
make_url (const NxHttp *http, const char *path)
{
	if (g_str_has_prefix (path, http->url))
		return g_strdup (path);
	return g_strconcat (http->url, *path == '/' ? "" : "/", path, NULL);
}

static void
set_options (const NxHttp *http, const char *method, const char *url, const char *text,
	     const struct curl_slist *headers, Body *body)
{
	CURL *curl = http->curl;

	curl_easy_reset (curl);
	curl_easy_setopt (curl, CURLOPT_URL, url);
	curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long)NX_HTTP_CONNECT_SECONDS);
	curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long)NX_HTTP_SECONDS);
	curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt (curl, CURLOPT_USERAGENT, "nixie-driver");
	curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt (curl, CURLOPT_WRITEDATA, body);
	if (text != NULL)
		curl_easy_setopt (curl, CURLOPT_POSTFIELDS, text);
	if (http->user != NULL) {
		curl_easy_setopt (curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt (curl, CURLOPT_USERNAME, http->user);
		curl_easy_setopt (curl, CURLOPT_PASSWORD, http->password == NULL ? "" : http->password);
	}
}

static gboolean
perform (const NxHttp *http, const char *method, const char *url, const char *text, GString *out, long *status_out,
	 GError **error)
{
	struct curl_slist *headers = curl_slist_append (NULL, "Accept: application/json");
	Body body = { out, FALSE };
	CURLcode code = CURLE_OK;

	if (text != NULL)
		headers = curl_slist_append (headers, "Content-Type: application/json; charset=utf-8");
	set_options (http, method, url, text, headers, &body);
	code = curl_easy_perform (http->curl);
	curl_slist_free_all (headers);
	if (code == CURLE_OK) {
		curl_easy_getinfo (http->curl, CURLINFO_RESPONSE_CODE, status_out);
		return TRUE;
	}
	g_set_error (error, NX_ERROR, code == CURLE_URL_MALFORMAT ? NX_ERROR_CONFIG : NX_ERROR_STORE_BUSY,
		     "%s %s: %s; is the list manager running, and its URL right?", method, url,
		     body.full ? "the answer is too long" : curl_easy_strerror (code));
	return FALSE;
}

/* "description" is Mailman's and falcon's, "message" listmonk's. */
static const char *
get_words (const NxHttpAnswer *answer)
{
	const char *words = json_string_value (json_object_get (answer->json, "description"));

	if (words == NULL)
		words = json_string_value (json_object_get (answer->json, "message"));
	if (words == NULL)
		words = json_string_value (json_object_get (answer->json, "title"));
	return words == NULL ? "" : words;
}

void
nx_http_set_error (const NxHttp *http, const char *method, const char *path, const NxHttpAnswer *answer, GError **error)
{
	g_autofree char *url = make_url (http, path);
	const char *words = get_words (answer);
	gboolean denied = answer->status == 401 || answer->status == 403;

	g_set_error (error, NX_ERROR, denied ? NX_ERROR_CONFIG : NX_ERROR_STORE_BUSY, "%s %s: the answer is %ld%s%s%s",
		     method, url, answer->status, *words == '\0' ? "" : ": ", words,
		     denied ? "; see --user and --password-file" : "");
}

static gboolean
is_refused (long status)
{
	return status == 401 || status == 403 || status == 408 || status == 429 || status >= 500 || status < 200;
}

gboolean
nx_http_call (NxHttp *http, const char *method, const char *path, json_t *body, NxHttpAnswer *answer_out,
	      GError **error)
{
	g_autoptr (GString) out = g_string_new (NULL);
	g_autofree char *url = make_url (http, path);
	char *text = body == NULL ? NULL : json_dumps (body, JSON_COMPACT);
	g_auto (NxHttpAnswer) answer = { NULL, 0 };
	gboolean done = perform (http, method, url, text, out, &answer.status, error);

	free (text);
	json_decref (body);
	if (!done)
		return FALSE;
	answer.json = json_loadb (out->str, out->len, 0, NULL);
	if (is_refused (answer.status)) {
		nx_http_set_error (http, method, path, &answer, error);
		return FALSE;
	}
	*answer_out = answer;
	answer.json = NULL;
	return TRUE;
}

gboolean
nx_http_change (NxHttp *http, const char *method, const char *path, json_t *body, long also, GError **error)
{
	g_auto (NxHttpAnswer) answer = { NULL, 0 };

	if (!nx_http_call (http, method, path, body, &answer, error))
		return FALSE;
	if ((answer.status >= 200 && answer.status < 300) || answer.status == also)
		return TRUE;
	nx_http_set_error (http, method, path, &answer, error);
	return FALSE;
}
