#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""postfix.py NIXIE [TEST...]: Postfix writes bounces, and hands them to nixie in each way that contrib describes.

One Postfix, one list for each way: pipe(8), an alias, LMTP to nixie serve, procmail, maildrop, and Dovecot's LMTP with
Sieve's execute and pipe. Sieve cannot ask Postfix to wait: there what failed is kept in a folder, and nixie scan reads
it, as contrib/sieve says.
"""
import os
import pathlib
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403
import harness  # noqa: E402

MAIN = """
compatibility_level = 3.6
myhostname = mx.lists.example.org
mydestination = lists.example.org, mx.lists.example.org
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps = hash:/etc/aliases
alias_database = hash:/etc/aliases
relayhost = [127.0.0.1]:2525
smtp_host_lookup = native
disable_dns_lookups = yes
maillog_file = /var/log/postfix.log
maillog_file_prefixes = /var
notify_classes = 2bounce, resource, software
2bounce_notice_recipient = lost
mailbox_command_maps = hash:/etc/postfix/commands
"""
COMMANDS = 'proc /usr/bin/procmail -a "$EXTENSION"\nbounce /usr/bin/maildrop\n'
DOVECOT = """
protocols = lmtp
ssl = no
log_path = /var/log/dovecot.log
mail_location = maildir:~/Maildir
first_valid_uid = 1
auth_username_format = %Ln
recipient_delimiter = +
passdb {
  driver = static
  args = nopassword=yes
}
userdb {
  driver = static
  args = uid=bounce gid=bounce home=/srv/%n allow_all_users=yes
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot {
    user = postfix
    group = postfix
    mode = 0600
  }
}
!include conf.d/*.conf
"""
LOG = pathlib.Path('/var/log/postfix.log')
SIEVE_BIN = pathlib.Path('/usr/local/lib/dovecot-sieve')


class Way(Pipe):
    """@keeps: the folder where what failed is kept, where the server does not do that. @kind: what kills it."""

    def __init__(self, name, keeps='', kind='program'):
        super().__init__(name)
        self.keeps, self.kind = keeps, kind

    def kept_mails(self):
        folder = pathlib.Path(self.keeps)
        return [path for sub in ('new', 'cur') for path in (folder / sub).glob('*')] if self.keeps else []


PIPES = [Way('news'), Way('alias'), Way('proc'), Way('drop'), Way('serve', kind='serve'),
         Way('sieve', keeps='/srv/sieve/Maildir/.Retry'), Way('inbox', keeps='/srv/inbox/Maildir')]


class Postfix:
    def __init__(self):
        self.serve = None

    # ---- set-up ----

    def configure(self, more=''):
        pathlib.Path('/etc/postfix/main.cf').write_text(MAIN + recipe('postfix/main.cf') + more)
        pathlib.Path('/etc/postfix/commands').write_text(COMMANDS)
        run('postmap', 'hash:/etc/postfix/commands')
        table = recipe('postfix/transport')
        serve = table.replace('nixie:', '#nixie:').replace('#/^news', '/^serve')
        serve = ''.join(line + '\n' for line in serve.splitlines() if line.startswith('/^serve'))
        dovecot = ''.join('/^%s-bounces(\\+.*)?@lists\\.example\\.org$/ lmtp:unix:private/dovecot\n' % name
                          for name in ('sieve', 'inbox'))
        pathlib.Path('/etc/postfix/nixie-transport').write_text(table + serve + dovecot)
        with open('/etc/postfix/master.cf', 'a') as file:
            file.write(recipe('postfix/master.cf'))
        pathlib.Path('/etc/aliases').write_text(
            recipe('postfix/aliases', news='alias') + 'proc-bounces: proc\ndrop-bounces: bounce\npostmaster: root\n'
            'editor: root\nlost: root\n')
        run('newaliases')

    def homes(self):
        for name in 'proc', 'sieve', 'inbox':
            add_twin(name, 'bounce', '/srv/' + name)
        for name, source, target in (('proc', 'procmail/nixie.rc', '.procmailrc'), ('drop', 'maildrop/mailfilter', '.mailfilter'),
                                     ('sieve', 'sieve/nixie.sieve', '.dovecot.sieve'),
                                     ('inbox', 'sieve/nixie-pipe.sieve', '.dovecot.sieve')):
            # maildrop knows its user by the number only.
            path = pathlib.Path('/srv', name if name != 'drop' else 'bounce', target)
            changes = {'nixie-deliver': 'nixie-deliver-' + name} if 'sieve' in source else {'--list news': '--list ' + name}
            path.write_text(recipe(source, **changes))
            path.chmod(0o600)
            give(path, 'bounce')

    def dovecot(self):
        SIEVE_BIN.mkdir(parents=True)
        for name in 'sieve', 'inbox':
            path = SIEVE_BIN / ('nixie-deliver-' + name)
            path.write_text(recipe('sieve/nixie-deliver', **{'--list news': '--list ' + name}))
            path.chmod(0o755)
        for path in pathlib.Path('/etc/dovecot/conf.d').glob('*.conf'):
            path.unlink()
        pathlib.Path('/etc/dovecot/conf.d/90-nixie.conf').write_text(recipe('sieve/90-nixie.conf'))
        pathlib.Path('/etc/dovecot/dovecot.conf').write_text(DOVECOT)
        # NAME-bounces is NAME's mailbox.
        for name in 'sieve', 'inbox':
            os.symlink('/srv/' + name, '/srv/%s-bounces' % name)
        start_daemon('dovecot')

    def start_serve(self):
        """As systemd does it with contrib/systemd: the socket is made by root, the server runs as bounce."""
        path = '/var/spool/postfix/private/nixie-lmtp'
        if os.path.exists(path):
            os.unlink(path)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        os.chmod(path, 0o660)
        shutil.chown(path, 'bounce', 'postfix')
        listener.listen(128)
        # The descriptor is 3 in the server.
        self.serve = subprocess.Popen(
            ['setpriv', '--reuid=bounce', '--regid=bounce', '--clear-groups', 'sh', '-c',
             'exec 3<&0 </dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec %s --list serve serve' % harness.NIXIE],
            stdin=listener.fileno(), stderr=open('/var/log/serve.log', 'ab'), start_new_session=True)
        listener.close()

    def start(self):
        self.homes()
        self.configure()
        start_daemon('postfix', 'start')
        self.dovecot()
        self.start_serve()

    # ---- what harness.Pipe tells of ----

    def submit(self, sender, recipient, message):
        run('sendmail', '-i', '-f', sender, recipient, stdin=message)

    def lines(self):
        return LOG.read_text(errors='replace').splitlines()

    def put_off(self, pipe, address):
        if pipe.keeps:
            return sum(address.encode() in path.read_bytes() for path in pipe.kept_mails())
        # To aliases' targets Postfix names the address that it was.
        return sum('status=deferred' in line and address in line for line in self.lines())

    def flush(self):
        run('postqueue', '-f')
        for pipe in PIPES:
            if pipe.keeps:
                nixie('--list', pipe.name, '--quiet', 'scan', pipe.keeps)
                for path in pipe.kept_mails():
                    path.unlink()

    def waiting(self):
        return run('postqueue', '-j').count('\n')

    def lost(self):
        found = [line for line in self.lines() if 'status=bounced' in line and '-bounces' in line]
        found += ['%s is not empty' % path for path in pathlib.Path('/var/mail').glob('*') if path.stat().st_size]
        for name in 'proc', 'bounce':
            found += [str(p) for p in pathlib.Path('/srv', name).glob('Maildir/new/*')]
        found += [str(p) for p in pathlib.Path('/srv/sieve/Maildir').glob('new/*')]
        return found

    def kill(self, pipe):
        if pipe.kind == 'program':
            kill_programs()
            return
        # The server, its workers too, while the bounce is in its hands.
        time.sleep(2)
        os.killpg(self.serve.pid, signal.SIGKILL)
        self.serve.wait()
        self.start_serve()


SERVER = Postfix()
SITE = None


# ---- more tests ----

def through_smtp():
    """A bounce from outside comes by SMTP, where Postfix asks first whether the address exists."""
    for name in 'news', 'alias', 'serve':
        pipe = next(pipe for pipe in PIPES if pipe.name == name)
        reader = pipe.reader('smtp')
        report = SAMPLE.replace(b'READER', reader.encode()).replace(b'LIST', name.encode())
        with smtplib.SMTP('127.0.0.1', 25, timeout=SECONDS) as client:
            client.sendmail('', [pipe.path(reader)], report)
        wait_until(lambda reader=reader: events(reader), 'the bounce of %s is recorded' % reader)
        want(events(reader)[0][:2], ('permanent', 'user-unknown'), reader)
    want(SERVER.lost(), [], 'mail that was lost')


SAMPLE = b"""From: MAILER-DAEMON@mx.town.example (Mail Delivery System)
To: LIST-bounces@lists.example.org
Subject: Undelivered Mail Returned to Sender
Date: Fri, 27 Nov 2026 12:00:00 +0000
Message-ID: <LIST-smtp@mx.town.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

This is the mail system.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.town.example

Final-Recipient: rfc822; READER
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <READER>: Recipient address rejected: User unknown

--b--
"""


def sieve_test():
    """The interpreter by itself, as one tries a script."""
    report = pathlib.Path('/tmp/report.eml')
    for name in 'sieve', 'inbox':
        reader = '%s.trial@town.example' % name
        report.write_bytes(SAMPLE.replace(b'READER', reader.encode()).replace(b'LIST', name.encode()))
        os.chmod(report, 0o644)
        run('setpriv', '--reuid=bounce', '--regid=bounce', '--clear-groups', 'env', 'HOME=/srv/' + name, 'USER=' + name,
            'sieve-test', '-e', '-u', name, '-l', 'maildir:/srv/%s/Maildir' % name, '/srv/%s/.dovecot.sieve' % name, report)
        want([row[:2] for row in events(reader)], [('permanent', 'user-unknown')], 'events of ' + reader)
    want(SERVER.lost(), [], 'mail that was stranded')


def make():
    global SITE
    SITE = Site(SERVER, PIPES)
    nixie('list', 'add', 'unused', 'unused@lists.example.org')
    SITE.make_lists()
    SERVER.start()
    tests = [('a bounce of a reader is recorded, by each way', SITE.plain),
             ('a bounce from outside, by SMTP', through_smtp),
             ('sieve-test runs both scripts', sieve_test),
             ('the disk is full: kept, recorded later', SITE.full),
             ('the program is killed: kept, recorded later', SITE.killed),
             ('the database is locked: kept, recorded later', SITE.locked)]

    def logs():
        found = []
        for path in LOG, pathlib.Path('/var/log/dovecot.log'), pathlib.Path('/var/log/serve.log'):
            found += path.read_text(errors='replace').splitlines()[-60:] if path.exists() else []
        return found
    return tests, logs


if __name__ == '__main__':
    main(__file__, 'postfix', make)
