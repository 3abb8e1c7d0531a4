#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_http.py NIXIE-DRIVER: the driver listmonk, and what servers of JSON do wrong. Writes TAP.

listmonk's part is played by a small server that knows the documented requests and refuses all others; so these tests show
that the driver keeps to the documentation, not that listmonk does.
"""
import base64
import json
import re
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from harness import Driver, Failure, main, want, want_in

NEWS, ASIDE = 3, 4


class Server:
    """@answer: called with (method, path, query, body), gives (status, object). @cut: after so many changes it hangs up."""

    def __init__(self, answer):
        self.answer, self.cut, self.requests = answer, None, []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def serve(self):
                length = int(self.headers.get('Content-Length') or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                if length:
                    want_in('application/json', self.headers['Content-Type'])
                outer.requests.append((self.command, url.path, query, body))
                status, answer = outer.authorize(self.headers) or (None, None)
                if self.command != 'GET' and outer.cut is not None:
                    outer.cut -= 1
                    if outer.cut < 0:
                        self.connection.close()
                        return
                if status is None:
                    status, answer = outer.answer(self.command, url.path, query, body)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                if status in (301, 302):
                    self.send_header('Location', answer.decode())
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

            def log_message(self, *words):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (OSError, ValueError):
                    self.close_connection = True

        self.server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.url = 'http://127.0.0.1:%d' % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def authorize(self, headers):
        wanted = 'Basic ' + base64.b64encode(b'nixie:secret').decode()
        if headers.get('Authorization') != wanted:
            return 401, {'message': 'invalid session'}
        return None

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Listmonk:
    """What the documentation of listmonk's API says of subscribers and bounces."""

    def __init__(self, readers):
        self.readers = {}
        self.bounces = []
        for number, (email, lists) in enumerate(readers.items(), 11):
            self.readers[number] = {'id': number, 'email': email, 'name': email.split('@')[0].title(), 'status': 'enabled',
                                    'lists': dict(lists)}

    def show(self, reader):
        return {**reader, 'lists': [{'id': number, 'subscription_status': status}
                                    for number, status in reader['lists'].items()]}

    def answer(self, method, path, query, body):
        if (method, path) == ('GET', '/api/subscribers'):
            return 200, {'data': {'results': [self.show(r) for r in self.select(query)], 'page': 1}}
        if (method, path) == ('POST', '/api/subscribers'):
            if any(r['email'] == body['email'] for r in self.readers.values()):
                return 409, {'message': 'E-mail already exists.'}
            number = max(self.readers, default=10) + 1
            status = 'confirmed' if body['preconfirm_subscriptions'] else 'unconfirmed'
            self.readers[number] = {'id': number, 'email': body['email'].lower(), 'name': body['name'],
                                    'status': body['status'], 'lists': {n: status for n in body['lists']}}
            return 200, {'data': self.show(self.readers[number])}
        if (method, path) == ('PUT', '/api/subscribers/lists'):
            return self.change_lists(body)
        if (method, path) == ('POST', '/webhooks/bounce'):
            want(sorted(body), ['email', 'meta', 'source', 'type'], 'the bounce')
            self.bounces.append(body)
            return 200, {'data': True}
        found = re.fullmatch(r'/api/subscribers/(\d+)/bounces', path)
        if found and method in ('GET', 'DELETE'):
            email = self.readers[int(found.group(1))]['email']
            mine = [b for b in self.bounces if b['email'] == email]
            if method == 'DELETE':
                self.bounces = [b for b in self.bounces if b['email'] != email]
            return 200, {'data': mine if method == 'GET' else True}
        return 404, {'message': 'no such request: %s %s' % (method, path)}

    def select(self, query):
        readers = list(self.readers.values())
        if 'list_id' in query:
            readers = [r for r in readers if int(query['list_id']) in r['lists']]
        if 'query' in query:
            literal = re.fullmatch(r"subscribers\.email = '((?:[^']|'')*)'", query['query'])
            if not literal:
                raise Failure('not one literal: ' + query['query'])
            readers = [r for r in readers if r['email'] == literal.group(1).replace("''", "'")]
        size, page = int(query['per_page']), int(query.get('page', 1))
        return readers[(page - 1) * size:page * size]

    def change_lists(self, body):
        for number in body['ids']:
            lists = self.readers[number]['lists']
            for target in body['target_list_ids']:
                if body['action'] == 'add':
                    lists[target] = body['status']
                elif body['action'] == 'remove':
                    lists.pop(target, None)
                else:
                    return 400, {'message': 'unknown action'}
        return 200, {'data': True}

    def lists(self, email):
        return next((r['lists'] for r in self.readers.values() if r['email'] == email), None)


def listmonk(program, folder, readers, *options):
    site = Listmonk(readers)
    server = Server(site.answer)
    (folder / 'token').write_text('secret\n')
    driver = Driver(program, 'listmonk', '--url', server.url, '--user', 'nixie', '--password-file', folder / 'token',
                    '--list-id', NEWS, *(options or ['--suspended-list', ASIDE]))
    return driver, site, server


READERS = {'ann@example.com': {NEWS: 'confirmed', 7: 'confirmed'}, "o'b@example.com": {NEWS: 'confirmed'},
           'left@example.com': {NEWS: 'unsubscribed'}}


def test_listmonk_actions(program, folder):
    driver, site, server = listmonk(program, folder, READERS)
    driver.twice('suspend', 'Ann@example.com')
    want(site.lists('ann@example.com'), {ASIDE: 'confirmed', 7: 'confirmed'})
    want(driver.members(), {'ann@example.com': 'by_bounces', "o'b@example.com": 'enabled'})
    driver.twice('move', 'new@example.net', 'ann@example.com')
    want(site.lists('ann@example.com'), {7: 'confirmed'}, 'the other list of the old address')
    want(site.lists('new@example.net'), {ASIDE: 'confirmed'})
    driver.twice('restore', 'new@example.net')
    want(site.lists('new@example.net'), {NEWS: 'confirmed'})
    driver.twice('remove', "o'b@example.com")
    want(site.lists("o'b@example.com"), {})
    driver.twice('add', "o'b@example.com")
    driver.twice('add', 'fresh@example.com')
    want(site.lists('fresh@example.com'), {NEWS: 'confirmed'})
    server.close()


def test_listmonk_who_unsubscribed_stays_so(program, folder):
    driver, site, server = listmonk(program, folder, READERS)
    for action in ('suspend', 'restore', 'add'):
        driver.hook(action, 'left@example.com')
        want(site.lists('left@example.com'), {NEWS: 'unsubscribed'}, action)
    want([r[0] for r in server.requests if r[0] != 'GET'], [], 'changes')
    server.close()


def test_listmonk_hangs_up_in_between(program, folder):
    for action, address, old, wanted in (('suspend', 'ann@example.com', '', {'ann@example.com': 'by_bounces'}),
                                         ('move', 'new@example.net', 'ann@example.com', {'new@example.net': 'enabled'})):
        for cut in range(3):
            driver, site, server = listmonk(program, folder, {'ann@example.com': {NEWS: 'confirmed'}})
            server.cut = cut
            driver.hook(action, address, old, status=75 if cut < 2 else 0)
            server.cut = None
            driver.hook(action, address, old)
            want(driver.members(), wanted, '%s cut after %d' % (action, cut))
            server.close()


def test_listmonk_webhook(program, folder):
    driver, site, server = listmonk(program, folder, READERS, '--webhook')
    driver.twice('suspend', 'ann@example.com')
    want(site.bounces, [{'email': 'ann@example.com', 'source': 'nixie', 'type': 'hard',
                         'meta': {'nixie_call': 1, 'cause': 'the score reached the threshold'}}])
    driver.hook('suspend', 'ann@example.com', number=9)
    want(len(site.bounces), 2)
    driver.hook('restore', 'ann@example.com')
    want(site.bounces, [])
    site.readers[11]['status'] = 'blocklisted'
    want_in('set his status to enabled', driver.hook('restore', 'ann@example.com', status=75).stderr)
    server.close()


def test_import_takes_all_pages(program, folder):
    driver, site, server = listmonk(program, folder, {'r%d@example.com' % i: {NEWS: 'confirmed'} for i in range(2500)})
    want(len(driver.members()), 2500)
    server.close()


def test_what_servers_do_wrong(program, folder):
    for answer, status, part in (((500, {'message': 'oh no'}), 75, 'the answer is 500: oh no'),
                                 ((429, b''), 75, 'the answer is 429'),
                                 ((403, {'message': 'permission denied: lists'}), 78, 'permission denied: lists; see --user'),
                                 ((200, b'<html>'), 75, 'the answer is 200'),
                                 ((302, b'http://127.0.0.1:1/'), 75, 'the answer is 302'),
                                 ((200, b'{"data": ' + b'[' * 5000), 75, 'the answer is 200')):
        driver, site, server = listmonk(program, folder, {})
        server.answer = lambda *words, answer=answer: answer
        failed = driver.hook('suspend', 'ann@example.com', status=status)
        want_in(part, failed.stderr)
        want_in('nixie-driver: GET http://127.0.0.1:', failed.stderr)
        want('secret' in failed.stderr, False, 'the password is told')
        server.close()
    failed = driver.hook('suspend', 'ann@example.com', status=75)
    want_in('is the list manager running', failed.stderr)


def test_passwords(program, folder):
    driver, site, server = listmonk(program, folder, {})
    (folder / 'token').write_text('wrong\n')
    want_in('the answer is 401: invalid session; see --user', driver.hook('add', 'a@example.com', status=78).stderr)
    (folder / 'token').write_text('\n')
    want_in('its first line must be the password', driver.hook('add', 'a@example.com', status=78).stderr)
    (folder / 'token').unlink()
    want_in('No such file', driver.hook('add', 'a@example.com', status=78).stderr)
    server.close()


def test_mailman_says_that_there_is_no_list(program, folder):
    def answer(method, path, query, body):
        return (200, {'start': 0, 'total_size': 0}) if path == '/3.1/members/find' else (404, {'description': 'Not Found'})

    server = Server(answer)
    server.authorize = lambda headers: None
    (folder / 'pass').write_text('x')
    driver = Driver(program, 'mailman3', '--url', server.url + '/3.1/', '--password-file', folder / 'pass', '--list-id', 'n.x')
    for action in ('suspend', 'restore', 'remove', 'add', 'move'):
        want_in('has no list n.x; see --list-id', driver.hook(action, 'a@example.com', 'b@example.com', status=78).stderr)
    want([r[0] for r in server.requests if r[0] != 'GET'], [], 'changes')
    server.close()


if __name__ == '__main__':
    sys.exit(main(sys.modules[__name__], sys.argv[1]))
