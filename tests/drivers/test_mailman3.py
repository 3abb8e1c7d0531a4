#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_mailman3.py NIXIE-DRIVER: the driver mailman3 with the REST server of a real Mailman 3 core. Writes TAP.

Only its REST runner is started, on a free port of the loopback, with a configuration, an SQLite database and a var folder of
its own; no mail is sent. NX_MAILMAN: the folder of Mailman's programs, where it is not Debian's.
"""
import base64
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

from harness import SECONDS, Driver, Failure, main, skip_all, want, want_in
from test_http import Server

PROGRAMS = os.environ.get('NX_MAILMAN') or '/usr/lib/mailman3/bin'
LIST = 'news.lists.example.org'
AUTHORIZATION = 'Basic ' + base64.b64encode(b'restadmin:secret').decode()
CONFIGURATION = '''[mailman]
layout: here
[paths.here]
var_dir: %(folder)s/var
[database]
class: mailman.database.sqlite.SQLiteDatabase
url: sqlite:///%(folder)s/mailman.db
[mta]
incoming: mailman.mta.null.NullMTA
[webservice]
hostname: 127.0.0.1
port: %(port)d
admin_user: restadmin
admin_pass: secret
'''


def find_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


class Mailman:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='nx-mailman-')
        self.port = find_port()
        path = self.folder + '/mailman.cfg'
        with open(path, 'w') as file:
            file.write(CONFIGURATION % {'folder': self.folder, 'port': self.port})
        self.log = open(self.folder + '/log', 'w+b')
        self.child = subprocess.Popen([PROGRAMS + '/runner', '-C', path, '--runner=rest:0:1'], stdin=subprocess.DEVNULL,
                                      stdout=self.log, stderr=self.log, start_new_session=True, cwd=self.folder)
        end = time.monotonic() + SECONDS
        while True:
            try:
                self.version = self.call('GET', '/system/versions')[1]['mailman_version']
                return
            except OSError:
                if self.child.poll() is not None or time.monotonic() > end:
                    self.log.seek(0)
                    raise Failure('Mailman did not start: %s' % self.log.read().decode()[-2000:])
                time.sleep(0.2)

    def close(self):
        os.killpg(self.child.pid, signal.SIGTERM)
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        shutil.rmtree(self.folder)

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=SECONDS)
        data = None if body is None else json.dumps(body)
        headers = {'Authorization': AUTHORIZATION, **({'Content-Type': 'application/json'} if data else {})}
        connection.request(method, '/3.1' + path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def must(self, method, path, body=None):
        status, answer = self.call(method, path, body)
        if status >= 300:
            raise Failure('%s %s: %s %s' % (method, path, status, answer))
        return answer

    def member(self, address):
        status, answer = self.call('GET', '/lists/%s/member/%s' % (LIST, urllib.parse.quote(address)))
        return answer if status == 200 else None

    def delivery(self, address, to=None):
        path = '/members/%s/preferences' % self.member(address)['member_id']
        if to:
            self.must('PATCH', path, {'delivery_status': to})
        return self.must('GET', path).get('delivery_status', 'enabled')

    def subscribe(self, subscriber, name=''):
        self.must('POST', '/members', {'list_id': LIST, 'subscriber': subscriber, 'display_name': name, 'pre_verified': True,
                                       'pre_confirmed': True, 'pre_approved': True, 'send_welcome_message': False})


def start(site, program, folder, *options, url=None):
    """A list as new, with two members."""
    site.call('DELETE', '/lists/' + LIST)
    for user in site.must('GET', '/users').get('entries', []):
        site.must('DELETE', '/users/' + user['user_id'])
    site.call('POST', '/domains', {'mail_host': 'lists.example.org'})
    site.must('POST', '/lists', {'fqdn_listname': 'news@lists.example.org'})
    site.subscribe('ann@example.com', 'Ann')
    site.subscribe('Bob@example.com', 'Bob, "B"')
    (folder / 'pass').write_text('secret\n')
    return Driver(program, 'mailman3', '--url', url or 'http://127.0.0.1:%d/3.1' % site.port, '--password-file',
                  folder / 'pass', '--list-id', LIST, *options)


def test_actions(program, site, folder):
    driver = start(site, program, folder)
    driver.twice('suspend', 'ANN@example.com')
    want(site.delivery('ann@example.com'), 'by_bounces')
    want(driver.members(), {'ann@example.com': 'by_bounces', 'bob@example.com': 'enabled'})
    want_in('bob@example.com,"Bob, ""B""",enabled', driver.run('import').stdout)
    driver.twice('restore', 'ann@example.com')
    want(site.delivery('ann@example.com'), 'enabled')
    driver.twice('remove', 'bob@example.com')
    want(site.member('bob@example.com'), None)
    driver.twice('add', 'bob@example.com')
    want(site.member('bob@example.com')['role'], 'member')
    driver.hook('suspend', 'bob@example.com')
    driver.hook('add', 'bob@example.com')
    want(site.delivery('bob@example.com'), 'enabled', 'who is added gets mail')


def test_what_others_switched_off_stays_off(program, site, folder):
    driver = start(site, program, folder)
    for status in ('by_user', 'by_moderator'):
        site.delivery('ann@example.com', status)
        for action in ('suspend', 'restore', 'add'):
            want_in('nothing to do', driver.hook(action, 'ann@example.com').stdout)
            want(site.delivery('ann@example.com'), status, action)
        want(driver.members()['ann@example.com'], status)


def test_suspend_as_a_moderator(program, site, folder):
    driver = start(site, program, folder, '--suspend-as', 'by_moderator')
    driver.twice('suspend', 'ann@example.com')
    want(site.delivery('ann@example.com'), 'by_moderator')
    driver.twice('restore', 'ann@example.com')
    want(site.delivery('ann@example.com'), 'enabled')
    want_in('must be by_bounces or by_moderator', start(site, program, folder, '--suspend-as', 'gone').run('import', status=78).stderr)


def test_move(program, site, folder):
    driver = start(site, program, folder)
    driver.hook('suspend', 'ann@example.com')
    number = site.member('ann@example.com')['member_id']
    driver.twice('move', 'ann@harbour.example', 'ann@example.com')
    want(site.member('ann@harbour.example')['member_id'], number, 'the same membership')
    want(site.delivery('ann@harbour.example'), 'by_bounces')
    driver.twice('move', 'bob@example.com', 'ann@harbour.example')
    want(list(driver.members()), ['bob@example.com'], 'onto a member')


def test_move_to_an_address_that_is_known(program, site, folder):
    driver = start(site, program, folder)
    user = site.must('GET', '/addresses/ann@example.com')['user'].rsplit('/', 1)[1]
    # His own, but not verified.
    site.must('POST', '/users/%s/addresses' % user, {'email': 'own@example.net'})
    driver.twice('move', 'own@example.net', 'ann@example.com')
    # Another user's: the two stay two.
    site.must('POST', '/users', {'email': 'known@example.net'})
    driver.hook('suspend', 'own@example.net')
    driver.twice('move', 'known@example.net', 'own@example.net')
    want(driver.members(), {'bob@example.com': 'enabled', 'known@example.net': 'by_bounces'})
    want(site.must('GET', '/addresses/own@example.net')['user'].rsplit('/', 1)[1], user, 'whose the old address is')
    want(site.must('GET', '/addresses/known@example.net')['user'].rsplit('/', 1)[1] != user, True, 'whose the new one is')


def test_move_of_a_user_by_his_preferred_address(program, site, folder):
    driver = start(site, program, folder)
    user = site.must('GET', '/addresses/ann@example.com')['user'].rsplit('/', 1)[1]
    site.must('DELETE', '/lists/%s/member/ann@example.com' % LIST)
    site.must('POST', '/users/%s/preferred_address' % user, {'email': 'ann@example.com'})
    site.subscribe(user)
    want(site.member('ann@example.com')['subscription_mode'], 'as_user')
    driver.twice('suspend', 'ann@example.com')
    driver.twice('move', 'ann@harbour.example', 'ann@example.com')
    want(driver.members(), {'ann@harbour.example': 'by_bounces', 'bob@example.com': 'enabled'})


def test_cut_off_in_between(program, site, folder):
    """The server goes away after each number of changes; the next call comes to the same end."""
    proxy = Server(lambda method, path, query, body: site.call(
        method, path[len('/3.1'):] + ('?' + urllib.parse.urlencode(query) if query else ''), body))
    proxy.authorize = lambda headers: None
    for action, new, old, changes in (('move', 'new@harbour.example', 'ann@example.com', 3),
                                      ('suspend', 'ann@example.com', '', 1), ('remove', 'ann@example.com', '', 1),
                                      ('add', 'fresh@example.com', '', 1)):
        ends = []
        for cut in range(changes + 1):
            driver = start(site, program, folder, url=proxy.url + '/3.1')
            proxy.cut = cut
            driver.hook(action, new, old, status=75 if cut < changes else 0)
            proxy.cut = None
            driver.hook(action, new, old)
            ends.append(driver.members())
        want(ends, [ends[-1]] * (changes + 1), action)
    proxy.close()


def test_strange_addresses(program, site, folder):
    driver = start(site, program, folder)
    for address in ("o'b@example.com", 'a+b=c%d@example.com', 'x&y=z?@example.com', 'a/b#c@example.com'):
        driver.hook('add', address)
        driver.twice('suspend', address)
        want(driver.members().get(address), 'by_bounces', address)
        driver.twice('remove', address)


def test_what_is_wrong(program, site, folder):
    driver = start(site, program, folder)
    (folder / 'pass').write_text('wrong\n')
    want_in('see --user and --password-file', driver.hook('suspend', 'ann@example.com', status=78).stderr)
    (folder / 'pass').write_text('secret\n')
    driver.words[-1] = 'nolist.lists.example.org'
    for action in ('suspend', 'remove', 'add', 'move'):
        failed = driver.hook(action, 'ann@example.com', 'bob@example.com', status=78)
        want_in('has no list nolist.lists.example.org', failed.stderr)
    want_in('has no list', driver.run('import', status=78).stderr)
    driver.words[-1] = LIST
    site.must('POST', '/lists/%s/bans' % LIST, {'email': 'banned@example.com'})
    want_in('the answer is 4', driver.hook('add', 'banned@example.com', status=75).stderr)


def test_many_members(program, site, folder):
    driver = start(site, program, folder)
    for number in range(60):
        site.subscribe('r%d@example.com' % number)
    for number in range(0, 60, 7):
        site.delivery('r%d@example.com' % number, 'by_bounces')
    members = driver.members()
    want(len(members), 62)
    want(sum(1 for delivery in members.values() if delivery == 'by_bounces'), 9)


if __name__ == '__main__':
    if not os.access(PROGRAMS + '/runner', os.X_OK):
        skip_all('Mailman 3 is not installed (Debian: apt-get install mailman3); NX_MAILMAN names the folder of its programs')
    SITE = Mailman()
    try:
        print('# ' + SITE.version)
        STATUS = main(sys.modules[__name__], sys.argv[1], SITE)
    finally:
        SITE.close()
    sys.exit(STATUS)
