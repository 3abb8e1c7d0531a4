# SPDX-License-Identifier: LGPL-2.1-or-later
"""harness.py: a mail server of Debian in a root of its own, nixie behind it, and a scripted world in front.

Each test file calls main(). That goes on as root in new namespaces (mounts, network, processes): over this machine's
root lies what contrib/servers installed, over that a tmpfs. So the servers run with the paths of their packages, talk
over a loopback that only they see, write nothing that stays, and end when the test ends. What keeps it from running is
printed, and the test skips. Writes TAP.

In the root: nixie in /usr/local/bin, its database in /var/lib/nixie (a small tmpfs, owned by the user bounce), the
recipes at /recipes as they are in contrib, and a remote server on port 2525 whose answers the test scripts.
"""
import ctypes
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
import traceback

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DOMAIN = 'lists.example.org'
NIXIE = '/usr/local/bin/nixie'
STATE = pathlib.Path('/var/lib/nixie')
DATABASE = STATE / 'nixie.db'
REMOTE_PORT = 2525
SECONDS = int(os.environ.get('NX_SECONDS', '60'))
# nixie deliver waits a minute for a database that others hold.
LOCK_SECONDS = 90
STATE_BYTES = 32 << 20


class Failure(Exception):
    pass


def want(got, wanted, what):
    if got != wanted:
        raise Failure('%s: got %r, want %r' % (what, got, wanted))


def wait_until(condition, what, seconds=SECONDS):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Failure('in %d s not: %s' % (seconds, what))
        time.sleep(0.1)


def run(*words, stdin=b'', status=0, **more):
    done = subprocess.run([str(word) for word in words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=more.pop('timeout', SECONDS), **more)
    if status is not None and done.returncode != status:
        raise Failure('%s: status %d: %s%s' % (' '.join(str(w) for w in words), done.returncode,
                                               done.stdout.decode(errors='replace'),
                                               done.stderr.decode(errors='replace')))
    return done.stdout.decode(errors='replace')


def start_daemon(*words):
    """A daemon keeps what it was given as stdout; so that is no pipe."""
    with open('/var/log/start.log', 'ab') as log:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=SECONDS)
    want(done.returncode, 0, '%s: status (%s)' % (' '.join(words), pathlib.Path('/var/log/start.log').read_text()))


# ---- the root ----

def mount(source, target, kind='', options='', *words):
    run('mount', *(['-t', kind] if kind else []), *(['-o', options] if options else []), *words, source, target)


def copy_nixie(program, root):
    """The program and its library, if it has one of its own."""
    shutil.copy(program, root + NIXIE)
    os.chmod(root + NIXIE, 0o755)
    for path in re.findall(r'=> (\S*libnixie\S*)', run('ldd', program)):
        shutil.copy(path, root + '/usr/local/lib/')
        os.chmod(os.path.join(root, 'usr/local/lib', os.path.basename(path)), 0o755)


def enter_root(program, tar):
    """Makes the root and changes into it. What it mounts goes with the mount namespace."""
    base = str(SOURCE / 'build-servers' / 'root')
    os.makedirs(base, exist_ok=True)
    mount('tmpfs', base, 'tmpfs', 'mode=755')
    upper, work, root = (os.path.join(base, name) for name in ('upper', 'work', 'root'))
    for path in (upper, work, root):
        os.mkdir(path, 0o755)
    run('tar', '--xattrs', '--xattrs-include=*', '-C', upper, '-xf', tar)
    mount('overlay', root, 'overlay', 'lowerdir=/,upperdir=%s,workdir=%s' % (upper, work))
    for name in 'run', 'tmp', 'dev':
        mount('tmpfs', os.path.join(root, name), 'tmpfs', 'mode=%s' % ('1777' if name == 'tmp' else '755'))
    for name in 'null', 'zero', 'full', 'random', 'urandom':
        pathlib.Path(root, 'dev', name).touch()
        mount('/dev/' + name, os.path.join(root, 'dev', name), '', 'bind')
    os.mkdir(os.path.join(root, 'dev/shm'), 0o1777)
    os.symlink('/proc/self/fd', os.path.join(root, 'dev/fd'))
    mount('proc', os.path.join(root, 'proc'), 'proc')
    copy_nixie(program, root)
    shutil.copytree(SOURCE / 'contrib', os.path.join(root, 'recipes'))
    os.chroot(root)
    os.chdir('/')


def settle_in():
    """The network, the names, the users, the database's folder."""
    os.umask(0o022)
    os.environ.update({'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8',
                       'HOME': '/root', 'TZ': 'UTC'})
    for name in [name for name in os.environ if name.startswith(('NIXIE', 'NX_', 'XDG_', 'MESON'))]:
        del os.environ[name]
    run('ip', 'link', 'set', 'lo', 'up')
    socket.sethostname('mx.' + DOMAIN)
    pathlib.Path('/etc/hosts').write_text('127.0.0.1 mx.%s %s localhost mx.town.example\n' % (DOMAIN, DOMAIN))
    # Nobody is asked but this file.
    for name in '/etc/resolv.conf', '/etc/mailname':
        if os.path.lexists(name):
            os.unlink(name)
    pathlib.Path('/etc/resolv.conf').write_text('nameserver 127.0.0.1\noptions timeout:1 attempts:1\n')
    pathlib.Path('/etc/mailname').write_text('mx.%s\n' % DOMAIN)
    pathlib.Path('/etc/nsswitch.conf').write_text('passwd: files\ngroup: files\nshadow: files\nhosts: files\n')
    run('ldconfig')
    run('groupadd', '-r', 'bounce')
    run('useradd', '-r', '-m', '-d', '/srv/bounce', '-g', 'bounce', '-s', '/bin/sh', 'bounce')
    STATE.mkdir(exist_ok=True)
    mount('tmpfs', STATE, 'tmpfs', 'size=%d,mode=700,uid=%d,gid=%d' % (STATE_BYTES, *ids('bounce')))
    shutil.rmtree('/etc/nixie', ignore_errors=True)
    os.mkdir('/etc/nixie')


def ids(user):
    entry = pwd.getpwnam(user)
    return entry.pw_uid, entry.pw_gid


def give(path, user):
    os.chown(path, *ids(user))


def add_twin(name, user, home):
    """A login name with the uid of @user and a home of its own."""
    run('useradd', '-o', '-u', ids(user)[0], '-g', ids(user)[1], '-m', '-d', home, '-s', '/bin/sh', name)


def recipe(name, **changes):
    """A file of contrib as it stands, with the list's name changed."""
    text = pathlib.Path('/recipes', name).read_text()
    for old, new in changes.items():
        if old not in text:
            raise Failure('contrib/%s has no "%s" any more' % (name, old))
        text = text.replace(old, new)
    return text


class Log(threading.Thread):
    """Takes what is sent to syslog."""

    def __init__(self, path='/var/log/test.log'):
        super().__init__(daemon=True)
        self.path = pathlib.Path(path)
        self.path.write_bytes(b'')
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind('/dev/log')
        os.chmod('/dev/log', 0o666)

    def run(self):
        with open(self.path, 'ab', buffering=0) as file:
            while True:
                file.write(self.socket.recv(65536).rstrip(b'\n\0') + b'\n')


# ---- the world: a remote mail server whose answers are scripted ----

class Remote(socketserver.ThreadingTCPServer):
    """@script: recipient -> what RCPT is answered; a reply that begins with "data " answers the message instead."""
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        self.script = {}
        self.taken = []
        super().__init__(('127.0.0.1', REMOTE_PORT), RemoteSession)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def answer(self, recipient):
        return self.script.get(recipient, '250 2.1.5 ok')


class RemoteSession(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.replace('\n', '\r\n').encode() + b'\r\n')

    def take_message(self):
        self.say('354 go on')
        lines = []
        for line in self.rfile:
            if line == b'.\r\n':
                return b''.join(lines)
            lines.append(line[1:] if line.startswith(b'.') else line)
        return b''

    def handle(self):
        self.say('220 mx.town.example ESMTP')
        sender, recipients, late = '', [], ''
        for line in self.rfile:
            text = line.decode(errors='replace').strip()
            verb = text.upper()
            if verb.startswith('EHLO'):
                self.say('250-mx.town.example\n250 8BITMIME')
            elif verb.startswith('MAIL'):
                sender, recipients, late = text.split('<', 1)[1].split('>')[0], [], ''
                self.say('250 2.1.0 ok')
            elif verb.startswith('RCPT'):
                address = text.split('<', 1)[1].split('>')[0]
                answer = self.server.answer(address)
                if answer.startswith('data '):
                    late, answer = answer[5:], '250 2.1.5 ok'
                if answer.startswith('2'):
                    recipients.append(address)
                self.say(answer)
            elif verb == 'DATA':
                message = self.take_message()
                if not late:
                    self.server.taken.append((sender, recipients, message))
                self.say(late or '250 2.0.0 taken')
            elif verb == 'QUIT':
                self.say('221 2.0.0 bye')
                return
            else:
                self.say('250 2.0.0 ok')


# ---- nixie ----

def nixie(*words, stdin=b'', status=0):
    """As the user bounce, as the recipes run it."""
    return run('setpriv', '--reuid=bounce', '--regid=bounce', '--clear-groups', NIXIE, *words, stdin=stdin, status=status)


def query(sql, *values):
    database = sqlite3.connect('file:%s?mode=ro' % DATABASE, uri=True, timeout=SECONDS)
    try:
        return database.execute(sql, values).fetchall()
    finally:
        database.close()


def events(recipient):
    return query('SELECT e.verdict, e.reason, s.address, e.proof, l.name FROM events e'
                 ' LEFT JOIN subscribers s ON s.id = e.subscriber_id LEFT JOIN lists l ON l.id = s.list_id'
                 ' WHERE e.recipient = ?', recipient)


def programs():
    """The processes of nixie that run now, without nixie serve."""
    found = []
    for folder in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            words = (folder / 'cmdline').read_bytes().split(b'\0')
        except OSError:
            continue
        if words[0].endswith(b'nixie') and b'serve' not in words and b'deliver' in words:
            found.append(int(folder.name))
    return found


class Locked:
    """Another program holds the database."""

    def __enter__(self):
        self.database = sqlite3.connect(DATABASE, timeout=SECONDS, isolation_level=None, check_same_thread=False)
        self.database.execute('BEGIN IMMEDIATE')
        for path in STATE.iterdir():
            give(path, 'bounce')

    def __exit__(self, *_):
        self.database.execute('ROLLBACK')
        self.database.close()


class Full:
    """Not an octet is free where the database is."""

    def __enter__(self):
        self.filler = STATE / 'filler'
        database = sqlite3.connect(DATABASE, timeout=SECONDS)
        database.execute('PRAGMA wal_checkpoint(TRUNCATE)')
        database.close()
        with open(self.filler, 'wb', buffering=0) as file:
            for size in 65536, 4096, 1:
                try:
                    while True:
                        file.write(b'x' * size)
                except OSError:
                    continue

    def __exit__(self, *_):
        self.filler.unlink()


# ---- a mailing list behind a server ----

class Pipe:
    """One way from the server to nixie. @name is the list's; its bounces come to NAME-bounces.

    A server's test gives: submit(sender, recipient, message), put_off(address): how often a mail to it was put off,
    flush(), waiting(): the number of mails that wait, lost(): words on mail that was bounced, dropped or stranded.
    """

    def __init__(self, name):
        self.name = name

    def path(self, reader):
        return '%s-bounces+%s@%s' % (self.name, reader.replace('@', '='), DOMAIN)

    def reader(self, what):
        return '%s.%s@town.example' % (self.name, what)


def post(pipe, reader, number):
    return ('From: Editor <editor@%(d)s>\nTo: %(n)s@%(d)s\nSubject: News %(i)s\nMessage-ID: <%(i)s@%(d)s>\n'
            'Date: %(t)s\nList-Id: <%(n)s.%(d)s>\nList-Post: <mailto:%(n)s@%(d)s>\nPrecedence: list\n\nNews for %(r)s.\n'
            % {'d': DOMAIN, 'n': pipe.name, 'i': number, 'r': reader,
               't': time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}).encode()


class Site:
    """The lists of a server, its remote, and what every way to nixie must hold."""
    proofs = ('verp', 'original')

    def __init__(self, server, pipes):
        self.server, self.pipes = server, pipes
        self.remote = Remote()

    def make_lists(self):
        for pipe in self.pipes:
            nixie('list', 'add', pipe.name, '%s@%s' % (pipe.name, DOMAIN))
            nixie('-q', '--list', pipe.name, 'subscriber', 'import', '-',
                  stdin=''.join(pipe.reader(what) + '\n' for what in ('plain', 'locked', 'full', 'killed')).encode())

    def bounce(self, what, pipes=None):
        """A post to a reader of each list, who is unknown: the server itself writes the bounce."""
        for pipe in pipes or self.pipes:
            reader = pipe.reader(what)
            self.remote.script[reader] = '550 5.1.1 <%s>: Recipient address rejected: User unknown' % reader
            self.server.submit(pipe.path(reader), reader, post(pipe, reader, '%s-%s' % (pipe.name, what)))

    def expect_recorded(self, what, seconds=SECONDS):
        for pipe in self.pipes:
            reader = pipe.reader(what)
            wait_until(lambda reader=reader: events(reader), 'the bounce of %s is recorded' % reader, seconds)
            got = events(reader)
            want([row[:3] + row[4:] for row in got], [('permanent', 'user-unknown', reader, pipe.name)], reader)
            want(got[0][3] in self.proofs, True, 'the proof of %s (%s)' % (reader, got[0][3]))
        wait_until(lambda: self.server.waiting() == 0, 'the queue is empty')
        want(self.server.lost(), [], 'mail that was lost, bounced or stranded')

    def expect_kept(self, what, seconds=SECONDS, pipes=None):
        for pipe in pipes or self.pipes:
            reader = pipe.reader(what)
            wait_until(lambda pipe=pipe, reader=reader: self.server.put_off(pipe, pipe.path(reader)),
                       'the bounce of %s is put off' % reader, seconds)

    def expect_unrecorded(self, what):
        for pipe in self.pipes:
            want(events(pipe.reader(what)), [], 'events of ' + pipe.reader(what))
        want(self.server.lost(), [], 'mail that was lost, bounced or stranded')

    # The tests that are the same for every server.

    def plain(self):
        self.bounce('plain')
        self.expect_recorded('plain')

    def locked(self):
        with Locked():
            self.bounce('locked')
            self.expect_kept('locked', LOCK_SECONDS)
            self.expect_unrecorded('locked')
        self.server.flush()
        self.expect_recorded('locked')

    def full(self):
        with Full():
            self.bounce('full')
            self.expect_kept('full')
        # SQLite cannot even read while no octet is free; and nobody tries again by himself that soon.
        self.expect_unrecorded('full')
        self.server.flush()
        self.expect_recorded('full')

    def killed(self):
        """SIGKILL while the bounce is in the program's hands: to the child that works, then to both."""
        with Locked():
            for pipe in self.pipes:
                self.bounce('killed', [pipe])
                self.server.kill(pipe)
                self.expect_kept('killed', pipes=[pipe])
            self.expect_unrecorded('killed')
        self.server.flush()
        self.expect_recorded('killed')


def kill_programs():
    wait_until(lambda: len(programs()) >= 2, 'nixie runs, and its child')
    for number in programs():
        os.kill(number, signal.SIGKILL)
    wait_until(lambda: not programs(), 'nixie is gone')


# ---- TAP ----

def skip(reason):
    print('1..0 # SKIP ' + reason, flush=True)
    sys.exit(0)


def start(file, name):
    """Outside: what is needed, then on in new namespaces."""
    tar = SOURCE / 'build-servers' / (name + '.tar')
    if os.geteuid() != 0:
        skip('only root can make roots and networks')
    if not tar.exists():
        skip('%s is not installed for the tests: sh contrib/setup --integration' % name)
    namespaces = ['unshare', '--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child']
    trial = subprocess.run([*namespaces, 'sh', '-c', 'mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w /mnt/r && mount -t '
                            'overlay none -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/r'],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if trial.returncode != 0:
        skip('no namespaces or no overlay here: ' + trial.stderr.decode(errors='replace').strip().replace('\n', ' '))
    # The shell is the namespace's first process: it reaps what daemons leave behind.
    os.execvp(namespaces[0], [*namespaces, 'sh', '-c', '"$@"; exit $?', 'sh', sys.executable, '-B', file,
                              '--inside', *sys.argv[1:]])


def main(file, name, make):
    """@make: called inside, returns the tests as pairs of name and function, and a function for the logs."""
    if sys.argv[1:2] != ['--inside']:
        start(file, name)
    # Whatever happens to this process, the namespace ends with it.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    enter_root(os.path.abspath(sys.argv[2]), str(SOURCE / 'build-servers' / (name + '.tar')))
    settle_in()
    names, failed, logs = sys.argv[3:], 0, list
    try:
        tests, logs = make()
    except BaseException:
        print('1..1\nnot ok 1 - the server starts\n# ' + traceback.format_exc().replace('\n', '\n# '), flush=True)
        sys.exit(1)
    tests = [pair for pair in tests if not names or pair[0] in names]
    print('1..%d' % len(tests), flush=True)
    for number, (title, function) in enumerate(tests, 1):
        begun = time.monotonic()
        try:
            function()
            print('ok %d - %s (%.1f s)' % (number, title, time.monotonic() - begun), flush=True)
        except Exception:
            failed += 1
            print('not ok %d - %s' % (number, title), flush=True)
            for line in (traceback.format_exc() + '\n'.join(logs()[-60:])).splitlines():
                print('# ' + line, flush=True)
    sys.exit(1 if failed else 0)
