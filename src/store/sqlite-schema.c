/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sqlite-schema.c: the tables, and how old database files become new ones.
 *
 * The schema's number is in user_version, nixie's mark in application_id. Each migration is one transaction and ends in
 * the new number, so a crash leaves the old schema or the new one. A migration that was ever released is never changed:
 * a new one follows it, with a database of the old kind in fixtures/store.
 *
 * Conventions: times are seconds since 1970 UTC, 0 when absent; texts are '' when absent; enumerations are the words of
 * the JSON contract, so that the tables can be read with the sqlite3 shell. NULL means only: refers to nothing. Words
 * that may grow in number (reason, rule, cause) have no CHECK. Every index is paid for at each of ten million events:
 * there is none that no query of nixie's needs.
 */
#include "store/sqlite-private.h"

#include "policy/incident.h"

/* "Nixi": file(1) and nixie know the file by it. */
#define APPLICATION_ID 1315534953

static const char schema_v1[] =
	/*
	 * lists: the mailing lists. name: what commands call it; its case does not matter. address: the posting address
	 * as given; address_key: its key (nx_address_make_key).
	 */
	"CREATE TABLE lists (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  name TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),\n"
	"  address TEXT NOT NULL,\n"
	"  address_key TEXT NOT NULL\n"
	") STRICT;"

	/*
	 * subscribers: one row a subscription. address: as subscribed; address_key: what it is found by. state, score,
	 * score_date, since: derived from the events (NxStanding); a state of 'removed' is left as it is.
	 */
	"CREATE TABLE subscribers (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  list_id INTEGER NOT NULL REFERENCES lists (id),\n"
	"  address TEXT NOT NULL,\n"
	"  address_key TEXT NOT NULL,\n"
	"  name TEXT NOT NULL,\n"
	"  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'removed')),\n"
	"  score REAL NOT NULL DEFAULT 0,\n"
	"  score_date INTEGER NOT NULL DEFAULT 0,\n"
	"  since INTEGER NOT NULL DEFAULT 0,\n"
	"  UNIQUE (list_id, address_key)\n"
	") STRICT;"
	"CREATE INDEX subscribers_by_address ON subscribers (address_key);"

	/*
	 * events: what one report says of one recipient, once for every subscription it is about; append-only, but for
	 * linking and for a copy of the report that has an earlier date or a better proof.
	 * key: 10 octets of a hash over fingerprint and recipient, then 6 octets of a hash over the list's name, zeros
	 * while the event is linked to no subscription.
	 * fingerprint: the report's, the same for each copy of it.
	 * list_id: the list it is about, NULL when unknown. subscriber_id: the subscription, NULL when none was found.
	 * address_key: the key of the subscriber's address, else of the recipient's.
	 * date: the report's own time, else when it was read; the earliest that any copy told.
	 * kind, verdict, reason, rule: as judged when it was first read. proof: the best of any copy.
	 * status, reply: '' and 0 when the report carries none.
	 * recipient, original_recipient, forward, diagnostic, message_id (the report's), original_message_id (of the
	 * mail that bounced), reporting_mta, remote_mta, defects: what the report says. Where the report lay (file,
	 * offset) is not kept: copies of it may lie in several places.
	 */
	"CREATE TABLE events (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  key BLOB NOT NULL UNIQUE CHECK (length(key) = 16),\n"
	"  fingerprint TEXT NOT NULL CHECK (fingerprint <> ''),\n"
	"  list_id INTEGER REFERENCES lists (id),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  address_key TEXT NOT NULL,\n"
	"  date INTEGER NOT NULL,\n"
	"  kind TEXT NOT NULL CHECK (kind IN ('failure', 'delayed', 'delivered', 'relayed', 'expanded', 'feedback',\n"
	"    'disposition', 'vacation')),\n"
	"  verdict TEXT NOT NULL CHECK (verdict IN ('', 'permanent', 'transient', 'blocked', 'benign')),\n"
	"  reason TEXT NOT NULL,\n"
	"  status TEXT NOT NULL,\n"
	"  reply INTEGER NOT NULL,\n"
	"  recipient TEXT NOT NULL,\n"
	"  original_recipient TEXT NOT NULL,\n"
	"  forward TEXT NOT NULL,\n"
	"  diagnostic TEXT NOT NULL,\n"
	"  message_id TEXT NOT NULL,\n"
	"  original_message_id TEXT NOT NULL,\n"
	"  reporting_mta TEXT NOT NULL,\n"
	"  remote_mta TEXT NOT NULL,\n"
	"  proof TEXT NOT NULL CHECK (proof IN ('', 'claim', 'verp', 'original', 'signed')),\n"
	"  rule TEXT NOT NULL,\n"
	"  defects TEXT NOT NULL\n"
	") STRICT;"
	"CREATE INDEX events_by_subscriber ON events (subscriber_id, date) WHERE subscriber_id IS NOT NULL;"
	"CREATE INDEX events_by_address ON events (address_key);"

	/*
	 * transitions: the journal of state changes, derived as a whole whenever a subscriber's events change.
	 * number: counts a subscriber's transitions from 1, in time order. event_id: the event that caused it; NULL for
	 * what was done by hand. score: at that moment. cause: a sentence.
	 */
	"CREATE TABLE transitions (\n"
	"  subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),\n"
	"  number INTEGER NOT NULL,\n"
	"  event_id INTEGER REFERENCES events (id),\n"
	"  date INTEGER NOT NULL,\n"
	"  from_state TEXT NOT NULL CHECK (from_state IN ('active', 'suspended', 'removed')),\n"
	"  to_state TEXT NOT NULL CHECK (to_state IN ('active', 'suspended', 'removed')),\n"
	"  score REAL NOT NULL,\n"
	"  cause TEXT NOT NULL,\n"
	"  PRIMARY KEY (subscriber_id, number)\n"
	") STRICT, WITHOUT ROWID;"

	/*
	 * proposals: new addresses that reports offer; untrusted, and applied by nobody but an operator.
	 * event_id: the earliest event that offers it, from which date, proof, evidence (the reply text) and rule are.
	 * subscriber_id: NULL when the old address is not subscribed. address, address_key: the old address. forward,
	 * forward_key: the new one. state: 'open' until somebody decides.
	 */
	"CREATE TABLE proposals (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  event_id INTEGER NOT NULL REFERENCES events (id),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  address TEXT NOT NULL,\n"
	"  address_key TEXT NOT NULL,\n"
	"  forward TEXT NOT NULL,\n"
	"  forward_key TEXT NOT NULL,\n"
	"  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected', 'expired')),\n"
	"  date INTEGER NOT NULL,\n"
	"  proof TEXT NOT NULL CHECK (proof IN ('', 'claim', 'verp', 'original', 'signed')),\n"
	"  evidence TEXT NOT NULL,\n"
	"  rule TEXT NOT NULL\n"
	") STRICT;"
	"CREATE UNIQUE INDEX proposals_once ON proposals (address_key, forward_key, ifnull(subscriber_id, 0));"

	/*
	 * incidents: times in which many fail alike, so that the failures say nothing on the addresses.
	 * scope: what they have in common: one recipient domain, or one post. name: that domain, or the post's
	 * Message-ID. opened, closed: closed is 0 while it lasts. cause: the reason that they share. note: for the
	 * owner.
	 */
	"CREATE TABLE incidents (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  scope TEXT NOT NULL CHECK (scope IN ('domain', 'message')),\n"
	"  name TEXT NOT NULL,\n"
	"  opened INTEGER NOT NULL,\n"
	"  closed INTEGER NOT NULL DEFAULT 0,\n"
	"  cause TEXT NOT NULL,\n"
	"  note TEXT NOT NULL DEFAULT '',\n"
	"  UNIQUE (scope, name, opened)\n"
	") STRICT;"

	/*
	 * runs: the commands that read mail, and how far they came; the only table that tells when something was read.
	 * command: its arguments, for people. finished: 0 while it goes on, or when it was interrupted. file, offset:
	 * where reading goes on. messages, events: how many were read, and how many events were new.
	 */
	"CREATE TABLE runs (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  command TEXT NOT NULL,\n"
	"  started INTEGER NOT NULL,\n"
	"  finished INTEGER NOT NULL DEFAULT 0,\n"
	"  file TEXT NOT NULL DEFAULT '',\n"
	"  \"offset\" INTEGER NOT NULL DEFAULT 0,\n"
	"  messages INTEGER NOT NULL DEFAULT 0,\n"
	"  events INTEGER NOT NULL DEFAULT 0\n"
	") STRICT;"

	"PRAGMA application_id = " G_STRINGIFY (APPLICATION_ID) ";"
								"PRAGMA user_version = 1;";

/*
 * Version 2: what people decide, and what a list asks for.
 *
 * lists.least_proof: what is proven less and came in since proof_since changes no state; '' while nobody chose: then
 * 'signed' since the list is known to send with keys (keyed; 0: it is not), else anything. complaint: what a reader's
 * complaint does.
 * events.feedback_type: RFC 5965's, '' for other reports and for those that an older nixie read. arrival: when the
 * report came in, by the Received header of our own server, 0 when nothing tells; the earliest of any copy.
 */
static const char schema_v2[] =
	"ALTER TABLE lists ADD COLUMN least_proof TEXT NOT NULL DEFAULT ''\n"
	"  CHECK (least_proof IN ('', 'claim', 'verp', 'original', 'signed'));"
	"ALTER TABLE lists ADD COLUMN proof_since INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE lists ADD COLUMN keyed INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE lists ADD COLUMN complaint TEXT NOT NULL DEFAULT 'unsubscribe'\n"
	"  CHECK (complaint IN ('record', 'suspend', 'unsubscribe'));"
	"ALTER TABLE events ADD COLUMN feedback_type TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE events ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;"

	/*
	 * proposals: as before, but that the evidence is the best proven event, of these the earliest; last_date: the
	 * latest event that offers it. state: follows from the steps. token_hash: SHA-256 of the token that the new
	 * address was asked with, '' when no answer is awaited.
	 */
	"CREATE TABLE proposals_v2 (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  event_id INTEGER NOT NULL REFERENCES events (id),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  address TEXT NOT NULL,\n"
	"  address_key TEXT NOT NULL,\n"
	"  forward TEXT NOT NULL,\n"
	"  forward_key TEXT NOT NULL,\n"
	"  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'asked', 'accepted', 'rejected')),\n"
	"  date INTEGER NOT NULL,\n"
	"  last_date INTEGER NOT NULL,\n"
	"  proof TEXT NOT NULL CHECK (proof IN ('', 'claim', 'verp', 'original', 'signed')),\n"
	"  evidence TEXT NOT NULL,\n"
	"  rule TEXT NOT NULL,\n"
	"  token_hash TEXT NOT NULL DEFAULT ''\n"
	") STRICT;"
	"INSERT INTO proposals_v2 (id, event_id, subscriber_id, address, address_key, forward, forward_key, state, "
	"date,"
	" last_date, proof, evidence, rule)"
	" SELECT id, event_id, subscriber_id, address, address_key, forward, forward_key,"
	" iif(state = 'rejected', 'rejected', 'open'), date, date, proof, evidence, rule FROM proposals;"
	"DROP TABLE proposals;"
	"ALTER TABLE proposals_v2 RENAME TO proposals;"
	"CREATE UNIQUE INDEX proposals_once ON proposals (address_key, forward_key, ifnull(subscriber_id, 0));"
	"CREATE INDEX proposals_by_event ON proposals (event_id);"
	"CREATE INDEX proposals_by_forward ON proposals (forward_key);"
	"CREATE INDEX proposals_by_token ON proposals (token_hash) WHERE token_hash <> '';"

	/*
	 * steps: what people decided, by command or by answering a mail; append-only, but for undone.
	 * kind: 'ask' (the new address was sent a mail), 'confirm' (it answered), 'returned' (that mail came back),
	 * 'move' (the subscription got the new address), 'merge' (it ended, since the new one is a subscriber too),
	 * 'reject', 'restore', 'remove', 'undo'. old_*, new_*: of a 'move' and a 'merge'; '' otherwise. undoes: the
	 * step that an 'undo' takes back; undone: the 'undo' that took this one back.
	 */
	"CREATE TABLE steps (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  date INTEGER NOT NULL,\n"
	"  kind TEXT NOT NULL CHECK (kind IN ('ask', 'confirm', 'returned', 'move', 'merge', 'reject', 'restore', "
	"'remove',\n"
	"    'undo')),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  proposal_id INTEGER REFERENCES proposals (id),\n"
	"  old_address TEXT NOT NULL DEFAULT '',\n"
	"  old_key TEXT NOT NULL DEFAULT '',\n"
	"  new_address TEXT NOT NULL DEFAULT '',\n"
	"  new_key TEXT NOT NULL DEFAULT '',\n"
	"  undoes INTEGER REFERENCES steps (id),\n"
	"  undone INTEGER REFERENCES steps (id)\n"
	") STRICT;"
	"CREATE INDEX steps_by_subscriber ON steps (subscriber_id, date);"
	"CREATE INDEX steps_by_proposal ON steps (proposal_id);"
	"CREATE INDEX steps_by_old_key ON steps (old_key) WHERE kind = 'move' AND undone IS NULL;"
	"ALTER TABLE transitions ADD COLUMN step_id INTEGER REFERENCES steps (id);"

	/* When these came in, nobody has noted: their own date is the best guess. */
	"UPDATE events SET arrival = date;"
	/* Schema 1 had no command that removes, but left what was set by hand alone. */
	"INSERT INTO steps (date, kind, subscriber_id)"
	" SELECT max(since, score_date), 'remove', id FROM subscribers WHERE state = 'removed';"
	"INSERT INTO steps (date, kind, subscriber_id, proposal_id)"
	" SELECT date, 'reject', subscriber_id, id FROM proposals WHERE state = 'rejected';"

	"PRAGMA user_version = 2;";

/*
 * Version 3: what policies, incidents and the outside world need.
 *
 * lists.policy: the list's own policy in force, as nx_policy_to_text() writes it; '' when it follows the fact 'policy'.
 * complaint: as before, but '' while nobody chose: then as the policy says.
 * subscribers.due, due_date: what the policy wants done next, and when: derived, '' and 0 for nothing. told_state,
 * told_address: what the list's hook was told last; '' while it was told nothing.
 * events.run_id: the run that added it, NULL when none did. incident_id: the incident that holds it: derived. step_id:
 * the warning or probe that it is the bounce of, NULL for others. original_date: when the mail that bounced was sent, 0
 * when nothing tells. domain, provider, post: numbers for the names that incidents are found by
 * (nx_incident_make_name): of address_key's domain (0 when it is no failure of a subscriber), of remote_mta's
 * organisation, of original_message_id. subscribers.domain: of address_key's domain.
 */
static const char schema_v3[] =
	"ALTER TABLE lists ADD COLUMN policy TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE lists RENAME COLUMN complaint TO complaint_v2;"
	"ALTER TABLE lists ADD COLUMN complaint TEXT NOT NULL DEFAULT ''\n"
	"  CHECK (complaint IN ('', 'record', 'suspend', 'unsubscribe'));"
	"UPDATE lists SET complaint = complaint_v2 WHERE complaint_v2 <> 'unsubscribe';"
	"ALTER TABLE lists DROP COLUMN complaint_v2;"
	"ALTER TABLE subscribers ADD COLUMN due TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE subscribers ADD COLUMN due_date INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE subscribers ADD COLUMN told_state TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE subscribers ADD COLUMN told_address TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX subscribers_due ON subscribers (due_date) WHERE due_date <> 0;"
	/* What a hook has still to be told. */
	"CREATE INDEX subscribers_untold ON subscribers (list_id) WHERE" NX_SQLITE_UNTOLD ";"

	/*
	 * steps: as before, with more kinds: 'warn', 'probe' (a mail went to the subscriber), 'enable' (whom it asked
	 * to come back did), 'expire' (the policy ended the subscription), 'aside' (events were set aside), 'close',
	 * 'count', 'hold' (on an incident: hold no more from then on; it was none; it is one, whatever the policy
	 * says), 'policy' (a list got another policy: note is the one before; once it is undone, the one that it had
	 * put in force). list_id: of 'policy' (NULL: of the fact 'policy') and what is about an incident. scope, name,
	 * verdict, day: which incident, as in the table of these; day: a UTC day on which it lasted. note: for people,
	 * or as said above.
	 */
	"CREATE TABLE steps_v3 (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  date INTEGER NOT NULL,\n"
	"  kind TEXT NOT NULL CHECK (kind IN ('ask', 'confirm', 'returned', 'move', 'merge', 'reject', 'restore', "
	"'remove',\n"
	"    'undo', 'warn', 'probe', 'enable', 'expire', 'aside', 'close', 'count', 'hold', 'policy')),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  proposal_id INTEGER REFERENCES proposals (id),\n"
	"  list_id INTEGER REFERENCES lists (id),\n"
	"  old_address TEXT NOT NULL DEFAULT '',\n"
	"  old_key TEXT NOT NULL DEFAULT '',\n"
	"  new_address TEXT NOT NULL DEFAULT '',\n"
	"  new_key TEXT NOT NULL DEFAULT '',\n"
	"  scope TEXT NOT NULL DEFAULT '',\n"
	"  name TEXT NOT NULL DEFAULT '',\n"
	"  verdict TEXT NOT NULL DEFAULT '',\n"
	"  day INTEGER NOT NULL DEFAULT 0,\n"
	"  note TEXT NOT NULL DEFAULT '',\n"
	"  undoes INTEGER REFERENCES steps_v3 (id),\n"
	"  undone INTEGER REFERENCES steps_v3 (id)\n"
	") STRICT;"
	"INSERT INTO steps_v3 (id, date, kind, subscriber_id, proposal_id, old_address, old_key, new_address, new_key,"
	" undoes, undone) SELECT id, date, kind, subscriber_id, proposal_id, old_address, old_key, new_address, "
	"new_key,"
	" undoes, undone FROM steps;"

	/* transitions: as before, but that id is a number by which a person may name one; a transition that stays what
	 * it is keeps it. */
	"CREATE TABLE transitions_v3 (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),\n"
	"  number INTEGER NOT NULL,\n"
	"  event_id INTEGER REFERENCES events (id),\n"
	"  step_id INTEGER REFERENCES steps_v3 (id),\n"
	"  date INTEGER NOT NULL,\n"
	"  from_state TEXT NOT NULL CHECK (from_state IN ('active', 'suspended', 'removed')),\n"
	"  to_state TEXT NOT NULL CHECK (to_state IN ('active', 'suspended', 'removed')),\n"
	"  score REAL NOT NULL,\n"
	"  cause TEXT NOT NULL,\n"
	"  UNIQUE (subscriber_id, number)\n"
	") STRICT;"
	"INSERT INTO transitions_v3 (subscriber_id, number, event_id, step_id, date, from_state, to_state, score, "
	"cause)"
	" SELECT subscriber_id, number, event_id, step_id, date, from_state, to_state, score, cause FROM transitions;"
	"DROP TABLE transitions;"
	"DROP TABLE steps;"
	"ALTER TABLE steps_v3 RENAME TO steps;"
	"ALTER TABLE transitions_v3 RENAME TO transitions;"
	"CREATE INDEX steps_by_subscriber ON steps (subscriber_id, date);"
	"CREATE INDEX steps_by_proposal ON steps (proposal_id);"
	"CREATE INDEX steps_by_list ON steps (list_id) WHERE list_id IS NOT NULL;"
	"CREATE INDEX steps_by_old_key ON steps (old_key) WHERE kind = 'move' AND undone IS NULL;"

	/*
	 * incidents: times in which many subscribers of a list fail alike, so that the failures say nothing on the
	 * addresses: derived from the list's events, posts and steps.
	 * scope: what they have in common: a recipient domain, a provider (the domain of the hosts that refused), or
	 * one post. name: that domain, or the post's Message-ID. verdict: the failures' verdict. opened: the first of
	 * them. last: the latest. closed: when it ended; while it is open that is when it will end if nothing more
	 * comes, so the tables do not depend on the clock. addresses: how many subscribers on its worst day. reason:
	 * which most of the failures have. diagnostic: of one of them. note: what a person decided, or that it lasts.
	 */
	"DROP TABLE incidents;"
	"CREATE TABLE incidents (\n"
	"  id INTEGER PRIMARY KEY,\n"
	"  list_id INTEGER NOT NULL REFERENCES lists (id),\n"
	"  scope TEXT NOT NULL CHECK (scope IN ('domain', 'provider', 'post')),\n"
	"  name TEXT NOT NULL,\n"
	"  verdict TEXT NOT NULL CHECK (verdict IN ('permanent', 'transient', 'blocked')),\n"
	"  opened INTEGER NOT NULL,\n"
	"  last INTEGER NOT NULL,\n"
	"  closed INTEGER NOT NULL DEFAULT 0,\n"
	"  addresses INTEGER NOT NULL,\n"
	"  reason TEXT NOT NULL,\n"
	"  diagnostic TEXT NOT NULL,\n"
	"  note TEXT NOT NULL\n"
	") STRICT;"
	"ALTER TABLE events ADD COLUMN run_id INTEGER REFERENCES runs (id);"
	"ALTER TABLE events ADD COLUMN incident_id INTEGER REFERENCES incidents (id);"
	"ALTER TABLE events ADD COLUMN step_id INTEGER REFERENCES steps (id);"
	"ALTER TABLE events ADD COLUMN original_date INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX events_by_day ON events (list_id, date) WHERE list_id IS NOT NULL;"
	"CREATE INDEX events_by_incident ON events (incident_id) WHERE incident_id IS NOT NULL;"

	/* asides: which events a step set aside; such an event does not count while the step stands. */
	"CREATE TABLE asides (\n"
	"  event_id INTEGER NOT NULL REFERENCES events (id),\n"
	"  step_id INTEGER NOT NULL REFERENCES steps (id),\n"
	"  PRIMARY KEY (event_id, step_id)\n"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX asides_by_step ON asides (step_id);"

	"ALTER TABLE events ADD COLUMN domain INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE events ADD COLUMN provider INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE events ADD COLUMN post INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE subscribers ADD COLUMN domain INTEGER NOT NULL DEFAULT 0;"
	"UPDATE subscribers SET domain = nixie_domain (address_key);"
	"UPDATE events SET provider = nixie_provider (remote_mta), post = nixie_name (original_message_id),"
	" domain = iif(subscriber_id IS NOT NULL AND kind = 'failure' AND verdict IN ('permanent', 'transient', "
	"'blocked'),"
	" nixie_domain (address_key), 0);"
	"CREATE INDEX subscribers_by_domain ON subscribers (list_id, domain);"
	/* All that counting a day needs: one delivery may count a day of twenty thousand failures anew. */
	"CREATE INDEX failures_by_day ON events (list_id, date, subscriber_id, verdict, reason, domain, provider, "
	"post,"
	" proof, arrival, incident_id) WHERE domain <> 0;"

	/*
	 * failing_days: what was counted of a list's failures by UTC days (NxGroupDay), derived. scope 'list' with
	 * verdict '': a day on which the list posted, or anything failed. Of domains, providers and posts only days
	 * with three addresses or more. event_id: the example. incident_id: the incident that the day is part of.
	 */
	"CREATE TABLE failing_days (\n"
	"  list_id INTEGER NOT NULL REFERENCES lists (id),\n"
	"  scope TEXT NOT NULL CHECK (scope IN ('list', 'domain', 'provider', 'post')),\n"
	"  verdict TEXT NOT NULL CHECK (verdict IN ('', 'permanent', 'transient', 'blocked')),\n"
	"  name INTEGER NOT NULL,\n"
	"  day INTEGER NOT NULL,\n"
	"  addresses INTEGER NOT NULL,\n"
	"  fits INTEGER NOT NULL,\n"
	"  unusual INTEGER NOT NULL DEFAULT 0,\n"
	"  until INTEGER NOT NULL DEFAULT 0,\n"
	"  claimed INTEGER NOT NULL DEFAULT 0,\n"
	"  first INTEGER NOT NULL DEFAULT 0,\n"
	"  last INTEGER NOT NULL DEFAULT 0,\n"
	"  reason TEXT NOT NULL DEFAULT '',\n"
	"  event_id INTEGER NOT NULL DEFAULT 0,\n"
	"  incident_id INTEGER NOT NULL DEFAULT 0,\n"
	"  PRIMARY KEY (list_id, scope, verdict, name, day)\n"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX failing_days_by_day ON failing_days (list_id, day);"

	/* stale_days: days of a list whose incidents are to be derived anew before anything is made of them; the
	   smallest number there is: what all of them are judged by has changed. */
	"CREATE TABLE stale_days (\n"
	"  list_id INTEGER NOT NULL REFERENCES lists (id),\n"
	"  day INTEGER NOT NULL,\n"
	"  PRIMARY KEY (list_id, day)\n"
	") STRICT, WITHOUT ROWID;"
	"INSERT INTO stale_days SELECT DISTINCT list_id, (date - 86399 * (date < 0)) / 86400 FROM events"
	" WHERE domain <> 0;"

	/* posts: what the list sent, as "nixie post" or a returned original told. date: the earliest that was told. */
	"CREATE TABLE posts (\n"
	"  list_id INTEGER NOT NULL REFERENCES lists (id),\n"
	"  message_id TEXT NOT NULL,\n"
	"  date INTEGER NOT NULL,\n"
	"  PRIMARY KEY (list_id, message_id)\n"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX posts_by_date ON posts (list_id, date);"

	/*
	 * outbox: what is to be told to the outside, until it was. id: never given twice, so that a hook may know it
	 * again. key: what it is about, so that nothing is told twice. kind: 'hook' (a program of the list is run),
	 * 'warning', 'probe', 'removed', 'incident', 'digest', 'ask' (mails). payload: JSON: of a hook what it is given
	 * on stdin, of a mail what its template shows. next: not before then. leased: somebody is at it until then.
	 * done: when it was told; 0 before. failed: when it was given up. error: why it did not work the last time.
	 */
	"CREATE TABLE outbox (\n"
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"  key TEXT NOT NULL UNIQUE,\n"
	"  kind TEXT NOT NULL CHECK (kind IN ('hook', 'warning', 'probe', 'removed', 'incident', 'digest', 'ask')),\n"
	"  list_id INTEGER REFERENCES lists (id),\n"
	"  subscriber_id INTEGER REFERENCES subscribers (id),\n"
	"  proposal_id INTEGER REFERENCES proposals (id),\n"
	"  step_id INTEGER REFERENCES steps (id),\n"
	"  payload TEXT NOT NULL,\n"
	"  created INTEGER NOT NULL,\n"
	"  next INTEGER NOT NULL,\n"
	"  leased INTEGER NOT NULL DEFAULT 0,\n"
	"  attempts INTEGER NOT NULL DEFAULT 0,\n"
	"  done INTEGER NOT NULL DEFAULT 0,\n"
	"  failed INTEGER NOT NULL DEFAULT 0,\n"
	"  error TEXT NOT NULL DEFAULT ''\n"
	") STRICT;"
	"CREATE INDEX outbox_waiting ON outbox (kind, next) WHERE done = 0 AND failed = 0;"
	"CREATE INDEX outbox_by_subscriber ON outbox (subscriber_id) WHERE subscriber_id IS NOT NULL;"
	"CREATE INDEX outbox_by_done ON outbox (done) WHERE done <> 0;"

	/* tokens: of warnings, probes and notices of a removal: SHA-256 of what was sent. step_id: the 'warn', 'probe'
	 * or 'expire'. used: 0 while it is good. */
	"CREATE TABLE tokens (\n"
	"  hash TEXT PRIMARY KEY,\n"
	"  step_id INTEGER NOT NULL REFERENCES steps (id),\n"
	"  used INTEGER NOT NULL DEFAULT 0\n"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX tokens_by_step ON tokens (step_id);"

	/* facts: single values. 'salt': what purged addresses are hashed with. 'policy': as lists.policy, for lists
	 * that have none of their own; not there for the default one. 'digest N':
	 * until when the owner of list N was told what happened. 'ran': when nixie run came to its end. */
	"CREATE TABLE facts (\n"
	"  name TEXT PRIMARY KEY,\n"
	"  value TEXT NOT NULL\n"
	") STRICT, WITHOUT ROWID;"

	/*
	 * sources: how far files were read by scans, so that the next one goes on there; written in the transaction
	 * that records what was read. name: the file's full path; of a Maildir's message that in cur, without its
	 * flags. Octets that are no UTF-8 are written %XX, as is "%". terms: what the reading depended on; for other
	 * terms the file counts as not read. member, identity, "offset": as in NxSourcePosition.
	 */
	"CREATE TABLE sources (\n"
	"  name TEXT PRIMARY KEY,\n"
	"  terms TEXT NOT NULL,\n"
	"  member TEXT NOT NULL,\n"
	"  identity TEXT NOT NULL,\n"
	"  \"offset\" INTEGER NOT NULL\n"
	") STRICT, WITHOUT ROWID;"

	"PRAGMA user_version = 3;";

/* The migration at index N leads from version N to N + 1. */
static const char *const migrations[] = { schema_v1, schema_v2, schema_v3 };

#define SCHEMA_VERSION ((gint64)G_N_ELEMENTS (migrations))

typedef struct {
	gint64 application;
	gint64 version;
	gint64 objects;
} Identity;

/* The first read of the file: here it turns out whether it is a database at all. One statement sees one state. */
static gboolean
read_identity (NxSqlite *db, Identity *identity_out, GError **error)
{
	static const char sql[] = "SELECT (SELECT application_id FROM pragma_application_id),"
				  " (SELECT user_version FROM pragma_user_version),"
				  " (SELECT count(*) FROM sqlite_schema)";
	g_autoptr (NxStatement) statement = nx_sqlite_prepare (db, sql, error);
	if (statement == NULL)
		return FALSE;
	int result;
	nx_sqlite_start_waiting (db);
	while ((result = sqlite3_step (statement)) != SQLITE_ROW) {
		sqlite3_reset (statement);
		if (!nx_sqlite_may_retry (db, result))
			return nx_sqlite_set_error (db, result, error);
	}
	*identity_out = (Identity){
		.application = sqlite3_column_int64 (statement, 0),
		.version = sqlite3_column_int64 (statement, 1),
		.objects = sqlite3_column_int64 (statement, 2),
	};
	return TRUE;
}

static gboolean
check_identity (const NxSqlite *db, const Identity *identity, GError **error)
{
	gboolean fresh = identity->application == 0 && identity->version == 0 && identity->objects == 0;
	if (!fresh && identity->application != APPLICATION_ID) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s: is the database of another program; give another --database or move it away",
			     db->path);
		return FALSE;
	}
	if (identity->version > SCHEMA_VERSION) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s: was written by a newer nixie (schema %" G_GINT64_FORMAT
			     ", this one knows %" G_GINT64_FORMAT "); update nixie or give another --database",
			     db->path, identity->version, SCHEMA_VERSION);
		return FALSE;
	}
	if (fresh && ((db->base.flags & NX_STORE_CREATE) == 0 || (db->base.flags & NX_STORE_READ_ONLY) != 0)) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s: is empty; give another --database, or add a list to make it a database of nixie",
			     db->path);
		return FALSE;
	}
	if (identity->version < SCHEMA_VERSION && (db->base.flags & NX_STORE_READ_ONLY) != 0) {
		g_set_error (error, NX_ERROR, NX_ERROR_STORE,
			     "%s: was written by an older nixie; run a command that writes to bring it up to date",
			     db->path);
		return FALSE;
	}
	return TRUE;
}

/* Others may be migrating at the same time: what counts is the version seen under the write lock. */
static gboolean
migrate_once (NxSqlite *db, GError **error)
{
	Identity identity = { 0 };
	if (!nx_sqlite_execute_waiting (db, "BEGIN IMMEDIATE", error))
		return FALSE;
	gboolean done =
		read_identity (db, &identity, error) && check_identity (db, &identity, error) &&
		(identity.version == SCHEMA_VERSION || nx_sqlite_execute (db, migrations[identity.version], error)) &&
		nx_sqlite_execute_waiting (db, "COMMIT", error);
	if (!done && !sqlite3_get_autocommit (db->handle))
		sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
	return done;
}

/* ---- what SQL alone cannot work out, for rows that an older nixie wrote ---- */

static const char *
get_argument (sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text (values[0]);
	return text != NULL ? text : "";
}

static void
name_cb (sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64 (context, nx_incident_make_name (get_argument (values)));
}

static void
domain_cb (sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64 (context, nx_store_make_domain_name (get_argument (values)));
}

static void
provider_cb (sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int64 (context, nx_store_make_provider_name (get_argument (values)));
}

static gboolean
add_functions (NxSqlite *db, GError **error)
{
	static const struct {
		const char *name;
		void (*func) (sqlite3_context *context, int count, sqlite3_value **values);
	} functions[] = {
		{ "nixie_name", name_cb },
		{ "nixie_domain", domain_cb },
		{ "nixie_provider", provider_cb },
	};
	for (guint i = 0; i < G_N_ELEMENTS (functions); i++) {
		int result = sqlite3_create_function_v2 (db->handle, functions[i].name, 1,
							 SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
							 functions[i].func, NULL, NULL, NULL);
		if (result != SQLITE_OK)
			return nx_sqlite_set_error (db, result, error);
	}
	return TRUE;
}

gboolean
nx_sqlite_prepare_schema (NxSqlite *db, GError **error)
{
	Identity identity = { 0 };
	if (!read_identity (db, &identity, error) || !check_identity (db, &identity, error))
		return FALSE;
	if ((db->base.flags & NX_STORE_READ_ONLY) != 0)
		return TRUE;
	if (!nx_sqlite_execute_waiting (db, "PRAGMA journal_mode = WAL", error))
		return FALSE;
	if (identity.version < SCHEMA_VERSION && !add_functions (db, error))
		return FALSE;
	while (identity.version < SCHEMA_VERSION)
		if (!migrate_once (db, error) || !read_identity (db, &identity, error))
			return FALSE;
	return TRUE;
}
