#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_nixie.py NIXIE-DRIVER NIXIE: both ways together: members in, bounces, nixie run, and what the list has then. Writes TAP.

The list is a text file, which needs no list manager; the way from nixie to a driver is the same for all.
"""
import os
import subprocess
import sys

from harness import Driver, Failure, main, want, want_in

BOUNCE = '''From: MAILER-DAEMON@mx.example.net
To: news-bounces@lists.example.org
Subject: Delivery Status Notification
Date: %(day)s Jan 2026 12:00:00 +0000
Message-ID: <%(day)s.%(to)s@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %(to)s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
'''


class Site:
    def __init__(self, nixie, program, folder):
        self.nixie, self.folder = os.path.abspath(nixie), folder
        self.list = folder / 'news'
        self.list.write_text('Ann <ann@example.com>\nbob@example.com\ncarl@example.com\n')
        self.driver = Driver(program, 'majordomo', '--file', self.list)
        self.configure(' '.join(self.driver.words))
        self.run('list', 'add', 'news', 'news@lists.example.org')

    def configure(self, hook):
        (self.folder / 'conf').write_text('[nixie]\nrules = %s\n[list news]\nhook = %s\n' % (self.folder, hook))

    def run(self, *words, stdin='', status=0):
        environment = {**self.driver.environment, 'HOME': str(self.folder), 'NIXIE_CONFIG': str(self.folder / 'conf'),
                       'NIXIE_DATABASE': str(self.folder / 'nixie.db')}
        done = subprocess.run([self.nixie, *words], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=environment, timeout=120)
        if done.returncode != status:
            raise Failure('nixie %s: status %d, want %d: %s' % (' '.join(words), done.returncode, status, done.stderr))
        return done

    def bounce(self, address):
        for day in (14, 15, 16):
            self.run('-q', 'scan', '-', stdin=BOUNCE % {'day': day, 'to': address})


def test_both_ways(program, nixie, folder):
    site = Site(nixie, program, folder)
    site.run('subscriber', 'import', '-', stdin=site.driver.run('import').stdout)
    want(len(site.run('subscriber', 'export').stdout.splitlines()), 4, 'a header and three')
    site.bounce('ann@example.com')
    want_in('1 hook call', site.run('run').stdout)
    want(site.driver.members(), {'bob@example.com': 'enabled', 'carl@example.com': 'enabled', 'ann@example.com': 'by_bounces'})
    want('hook call' in site.run('run').stdout, False, 'told once more')
    site.run('-q', 'subscriber', 'restore', 'ann@example.com')
    site.run('-q', 'subscriber', 'remove', 'bob@example.com')
    want_in('2 hook calls', site.run('run').stdout)
    want(site.driver.members(), {'carl@example.com': 'enabled', 'ann@example.com': 'enabled'})
    want_in('Ann <ann@example.com>', site.list.read_text(), 'her name')


def test_what_fails_is_told_again(program, nixie, folder):
    site = Site(nixie, program, folder)
    site.run('subscriber', 'import', '-', stdin=site.driver.run('import').stdout)
    site.run('-q', 'subscriber', 'remove', 'bob@example.com')
    site.list.rename(folder / 'away')
    failed = site.run('run', '--now', '2030-01-01', status=75)
    want_in('it ended with status 78: nixie-driver: Failed to open file', failed.stderr)
    (folder / 'away').rename(site.list)
    want_in('1 hook call', site.run('run', '--now', '2030-01-02').stdout)
    want(sorted(site.driver.members()), ['ann@example.com', 'carl@example.com'])


if __name__ == '__main__':
    sys.exit(main(sys.modules[__name__], sys.argv[1], sys.argv[2]))
