#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""exim.py NIXIE [TEST...]: Exim, in Debian's split configuration, writes bounces and hands them to nixie by a pipe."""
import os
import pathlib
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import *  # noqa: E402,F403

DEBIAN = """
dc_eximconfig_configtype='smarthost'
dc_other_hostnames='lists.example.org'
dc_local_interfaces='127.0.0.1'
dc_readhost=''
dc_relay_domains=''
dc_minimaldns='false'
dc_relay_nets=''
dc_smarthost='127.0.0.1::2525'
CFILEMODE='644'
dc_use_split_config='true'
dc_hide_mailname='false'
dc_mailname_in_oh='true'
dc_localdelivery='mail_spool'
"""
LOG = pathlib.Path('/var/log/exim4/mainlog')


class Exim:
    def start(self):
        pathlib.Path('/etc/exim4/update-exim4.conf.conf').write_text(DEBIAN)
        folder = pathlib.Path('/etc/exim4/conf.d')
        (folder / 'router/150_exim4-config_nixie').write_text(recipe('exim/nixie-router'))
        (folder / 'transport/30_exim4-config_nixie').write_text(recipe('exim/nixie-transport'))
        # The remote is on this very machine, which a mail server takes for a loop.
        run('sed', '-i', r's/^  driver = manualroute$/&\n  self = send/', '/etc/exim4/conf.d/router/200_exim4-config_primary')
        (folder / 'main/000_test').write_text('REMOTE_SMTP_SMARTHOST_HOSTS_AVOID_TLS = *\n')
        run('update-exim4.conf')
        run('exim4', '-bV')
        start_daemon('exim4', '-bd')

    def submit(self, sender, recipient, message):
        run('sendmail', '-i', '-f', sender, recipient, stdin=message)

    def lines(self):
        return LOG.read_text(errors='replace').splitlines() if LOG.exists() else []

    def put_off(self, pipe, address):
        return sum(' == ' in line and address in line for line in self.lines())

    def flush(self):
        run('exim4', '-qff')

    def waiting(self):
        return int(run('exim4', '-bpc'))

    def lost(self):
        found = [line for line in self.lines() if ('** news-bounces' in line or 'rozen' in line)]
        return found + [str(path) for path in pathlib.Path('/var/mail').glob('*') if path.stat().st_size]

    def kill(self, pipe):
        kill_programs()


def make():
    site = Site(Exim(), [Pipe('news')])
    site.make_lists()
    site.server.start()
    return [('a bounce of a reader is recorded', site.plain),
            ('the disk is full: kept, recorded later', site.full),
            ('the program is killed: kept, recorded later', site.killed),
            ('the database is locked: kept, recorded later', site.locked)], site.server.lines


if __name__ == '__main__':
    main(__file__, 'exim', make)
