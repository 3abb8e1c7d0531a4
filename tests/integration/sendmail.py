#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""sendmail.py NIXIE [TEST...]: sendmail writes bounces and hands them to nixie by an alias, under smrsh."""
import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

MC = """divert(-1)
include(`/usr/share/sendmail/cf/m4/cf.m4')
divert(0)dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`SMART_HOST', `relay:[127.0.0.1]')dnl
define(`RELAY_MAILER_ARGS', `TCP $h 2525')dnl
define(`confPRIVACY_FLAGS', `needmailhelo')dnl
define(`confDOMAIN_NAME', `mx.lists.example.org')dnl
define(`confDOUBLE_BOUNCE_ADDRESS', `lost')dnl
define(`confSERVICE_SWITCH_FILE', `/etc/mail/service.switch')dnl
define(`confQUEUE_LA', `1000')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confTO_IDENT', `0')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
%s
DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, Port=25')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_CONFIG
Cwlists.example.org
"""
LOG = pathlib.Path('/var/log/test.log')
# The submission program's queue is not used: the mail goes straight to the daemon's.
PROGRAM = '/usr/libexec/sendmail/sendmail'
CONFIGURATION = '/etc/mail/test.cf'


class Sendmail:
    def start(self):
        Log().start()
        os.makedirs('/run/sendmail/mta')
        # Otherwise it asks the name service, which is not there, and waits.
        pathlib.Path('/etc/mail/service.switch').write_text('hosts files\naliases files\n')
        source = pathlib.Path('/etc/mail/test.mc')
        source.write_text(MC % recipe('sendmail/nixie.mc'))
        pathlib.Path(CONFIGURATION).write_text(run('m4', source))
        pathlib.Path('/etc/mail/aliases').write_text(recipe('sendmail/aliases') + 'postmaster: root\nlost: root\n'
                                                     'MAILER-DAEMON: postmaster\n')
        for folder in '/etc/mail', '/etc/mail/smrsh':
            os.chown(folder, 0, 0)
            os.chmod(folder, 0o755)
        os.symlink('/usr/local/bin/nixie', '/etc/mail/smrsh/nixie')
        run(PROGRAM, '-C', CONFIGURATION, '-bi')
        start_daemon(PROGRAM, '-C', CONFIGURATION, '-bd')

    def submit(self, sender, recipient, message):
        run(PROGRAM, '-C', CONFIGURATION, '-i', '-odb', '-f', sender, recipient, stdin=message)

    def lines(self):
        return LOG.read_text(errors='replace').splitlines()

    def put_off(self, pipe, address):
        return sum('stat=Deferred' in line and 'ctladdr=' + address in line for line in self.lines())

    def flush(self):
        run(PROGRAM, '-C', CONFIGURATION, '-q')

    def waiting(self):
        return len(list(pathlib.Path('/var/spool/mqueue').glob('[qdtx]f*')))

    def lost(self):
        found = [line for line in self.lines() if 'nixie' in line and ('unavailable' in line.lower() or 'unknown' in line)]
        return found + [str(path) for path in pathlib.Path('/var/mail').glob('*') if path.stat().st_size]

    def kill(self, pipe):
        kill_programs()


def make():
    site = Site(Sendmail(), [Pipe('news')])
    site.make_lists()
    site.server.start()
    return [('a bounce of a reader is recorded', site.plain),
            ('the disk is full: kept, recorded later', site.full),
            ('the program is killed: kept, recorded later', site.killed),
            ('the database is locked: kept, recorded later', site.locked)], site.server.lines


if __name__ == '__main__':
    main(__file__, 'sendmail', make)
