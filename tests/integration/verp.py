#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""verp.py NIXIE [TEST...]: a post with keyed return paths goes out through Postfix and comes back as bounces.

Two lists, the bounces of one by pipe(8), of the other by LMTP: 200 readers each, whose server answers as the table
says. Then states, offers and incidents are looked at; both ways must give the same.
"""
import json
import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403
from postfix import Postfix, Way  # noqa: E402

READERS = 200
REFUSED = 24
# Reader: what his server answers, and what becomes of it: verdict, reason, state.
ANSWERS = {
    'unknown': ('550 5.1.1 <%s>: Recipient address rejected: User unknown', ('permanent', 'user-unknown', 'suspended')),
    'moved': ('551 5.1.6 <%s> has moved; please try <moved.new@elsewhere.example>', ('permanent', 'moved', 'suspended')),
    'forwarded': ('251 2.1.5 User not local; will forward to <other@elsewhere.example>', ('benign', None, 'active')),
    'unverified': ('252 2.1.5 Cannot VRFY user, but will accept message', ('benign', None, 'active')),
    'slow': ('450 4.2.0 <%s>: Recipient address rejected: try again later', ('transient', None, 'active')),
    'full': ('552 5.2.2 <%s>: mailbox full, quota exceeded', ('transient', 'mailbox-full', 'active')),
}
DMARC = ("data 554 5.7.26 Unauthenticated email from lists.example.org is not accepted due to domain's DMARC policy")
# So that one day's reports decide, and mail expires within the test.
CONFIGURATION = """
[verp]
key-file = /etc/nixie/verp.keys
[policy]
threshold = 0.9
min-events = 1
min-days = 1
"""
QUICK = """
maximal_queue_lifetime = 15s
minimal_backoff_time = 3s
maximal_backoff_time = 5s
queue_run_delay = 3s
"""
LISTS = [Way('news'), Way('serve', kind='serve')]


class Quick(Postfix):
    def start(self):
        self.homes()
        self.configure(QUICK)
        start_daemon('postfix', 'start')
        self.start_serve()


def readers(pipe):
    """Each in a domain of his own, but for those who are refused."""
    names = ['%s@%s.%s.example' % (name, name, pipe.name) for name in ANSWERS]
    names += ['refused%d@d%d.%s.example' % (i, i, pipe.name) for i in range(REFUSED)]
    return names + ['glad%d@g%d.%s.example' % (i, i, pipe.name) for i in range(READERS - len(names))]


class World:
    def __init__(self):
        self.server, self.remote = Quick(), Remote()

    def start(self):
        pathlib.Path('/etc/nixie/nixie.conf').write_text(CONFIGURATION)
        give('/etc/nixie', 'bounce')
        nixie('verp', 'key', '--key-file', '/etc/nixie/verp.keys')
        for pipe in LISTS:
            nixie('list', 'add', pipe.name, '%s@%s' % (pipe.name, DOMAIN))
            nixie('-q', '--list', pipe.name, 'subscriber', 'import', '-', stdin='\n'.join(readers(pipe)).encode())
            for reader in readers(pipe):
                name = reader.split('@')[0]
                if name in ANSWERS:
                    answer = ANSWERS[name][0]
                    self.remote.script[reader] = answer % reader if '%s' in answer else answer
                elif name.startswith('refused'):
                    self.remote.script[reader] = DMARC
        self.server.start()

    # ---- the tests ----

    def send(self):
        for pipe in LISTS:
            paths = nixie('verp', 'make', '--list', pipe.name, '-', stdin='\n'.join(readers(pipe)).encode()).split()
            want(len(paths), READERS, 'return paths')
            message = post(pipe, 'everybody', 'issue-1')
            for reader, path in zip(readers(pipe), paths):
                run('sendmail', '-i', '-N', 'success,failure,delay', '-f', path, reader, stdin=message)
        wait_until(lambda: self.server.waiting() == 0, 'all is sent or returned', 2 * SECONDS)
        want(self.server.lost(), [], 'mail that was lost')
        want(len(self.remote.taken), len(LISTS) * (READERS - REFUSED - 4), 'posts that were taken')

    def states(self):
        for pipe in LISTS:
            for name, (_, (verdict, reason, state)) in ANSWERS.items():
                reader = '%s@%s.%s.example' % (name, name, pipe.name)
                rows = events(reader)
                want([(v, s, proof, mailing) for v, _, s, proof, mailing in rows], [(verdict, reader, 'signed', pipe.name)],
                     'events of ' + reader)
                if reason is not None:
                    want(rows[0][1], reason, 'reason of ' + reader)
                want(query('SELECT state FROM subscribers WHERE address = ?', reader), [(state,)], 'state of ' + reader)
            want(query("SELECT count(*) FROM subscribers s JOIN lists l ON l.id = s.list_id WHERE l.name = ? AND"
                       " s.state = 'active'", pipe.name), [(READERS - 2,)], 'active readers of ' + pipe.name)
            # Who was glad has a report that his mail went on, of this very list and with its key.
            want(query("SELECT DISTINCT verdict, proof FROM events e JOIN lists l ON l.id = e.list_id WHERE l.name = ? AND"
                       " recipient LIKE 'glad%'", pipe.name), [('benign', 'signed')], 'events of the glad')

    def offers(self):
        for pipe in LISTS:
            want(query('SELECT p.address, p.forward, p.state, p.proof FROM proposals p JOIN subscribers s ON'
                       ' s.id = p.subscriber_id JOIN lists l ON l.id = s.list_id WHERE l.name = ?', pipe.name),
                 [('moved@moved.%s.example' % pipe.name, 'moved.new@elsewhere.example', 'open', 'signed')],
                 'offers on ' + pipe.name)

    def incidents(self):
        found = [json.loads(line) for line in nixie('incident', 'list', '--json').splitlines()]
        want(sorted((i['list'], i['scope'], i['verdict'], i['reason'], i['addresses'], i['held']) for i in found),
             sorted((pipe.name, 'post', 'blocked', 'auth', REFUSED, REFUSED) for pipe in LISTS), 'incidents')
        want(query("SELECT DISTINCT s.state, s.score FROM subscribers s WHERE s.address LIKE 'refused%'"),
             [('active', 0.0)], 'the refused')


def make():
    world = World()
    world.start()
    return [('a post goes to two lists with keyed return paths, and all bounces come back', world.send),
            ('verdicts, proofs and states', world.states), ('offers of new addresses', world.offers),
            ('one refusal is one incident', world.incidents)], world.server.lines


if __name__ == '__main__':
    main(__file__, 'postfix', make)
