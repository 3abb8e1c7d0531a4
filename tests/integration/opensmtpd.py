#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""opensmtpd.py NIXIE [TEST...]: OpenSMTPD writes bounces and hands them to nixie by its mda."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

CONFIGURATION = """
listen on 127.0.0.1
table aliases file:/etc/aliases
action "remote" relay host smtp://127.0.0.1:2525
action "local" mbox alias <aliases>
"""
MATCHES = """
match for local action "local"
match for domain "lists.example.org" action "local"
match from local for any action "remote"
"""
LOG = pathlib.Path('/var/log/smtpd.log')


class OpenSmtpd:
    def start(self):
        pathlib.Path('/etc/smtpd.conf').write_text(CONFIGURATION + recipe('opensmtpd/smtpd.conf') + MATCHES)
        pathlib.Path('/etc/aliases').write_text('postmaster: root\n')
        run('smtpd', '-n')
        subprocess.Popen(['smtpd', '-d'], stdin=subprocess.DEVNULL, stdout=open(LOG, 'ab'), stderr=subprocess.STDOUT)
        wait_until(lambda: run('smtpctl', 'show', 'status', status=None).startswith('MDA'), 'smtpd runs')

    def submit(self, sender, recipient, message):
        run('sendmail', '-i', '-f', sender, recipient, stdin=message)

    def lines(self):
        return LOG.read_text(errors='replace').splitlines() if LOG.exists() else []

    def put_off(self, pipe, address):
        return sum('mda delivery' in line and 'result=TempFail' in line and address in line for line in self.lines())

    def flush(self):
        run('smtpctl', 'schedule', 'all')

    def waiting(self):
        return run('smtpctl', 'show', 'queue').count('\n')

    def lost(self):
        found = [line for line in self.lines() if 'mda delivery' in line and 'result=PermFail' in line]
        return found + [str(path) for path in pathlib.Path('/var/mail').glob('*') if path.stat().st_size]

    def kill(self, pipe):
        kill_programs()


def make():
    site = Site(OpenSmtpd(), [Pipe('news')])
    site.make_lists()
    site.server.start()
    return [('a bounce of a reader is recorded', site.plain),
            ('the disk is full: kept, recorded later', site.full),
            ('the program is killed: kept, recorded later', site.killed),
            ('the database is locked: kept, recorded later', site.locked)], site.server.lines


if __name__ == '__main__':
    main(__file__, 'opensmtpd', make)
