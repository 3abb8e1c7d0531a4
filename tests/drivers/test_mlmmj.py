#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_mlmmj.py NIXIE-DRIVER: the driver mlmmj with the real mlmmj-sub and mlmmj-unsub on a list of its own. Writes TAP.

NX_MLMMJ: the folder of the programs, when PATH does not have them. No mail is sent.
"""
import os
import shutil
import subprocess
import sys

from harness import Driver, main, skip_all, want, want_in

PROGRAMS = os.environ.get('NX_MLMMJ') or os.path.dirname(shutil.which('mlmmj-sub') or '')
FOLDERS = ('incoming queue queue/discarded archive text subconf unsubconf bounce control moderation requeue subscribers.d '
           'digesters.d nomailsubs.d').split()


def make_list(program, folder, readers):
    path = folder / 'news'
    for name in FOLDERS:
        (path / name).mkdir(parents=True, exist_ok=True)
    (path / 'control/listaddress').write_text('news@lists.example.org\n')
    (path / 'control/owner').write_text('news-owner@lists.example.org\n')
    (path / 'index').touch()
    for address, option in readers.items():
        subprocess.run([PROGRAMS + '/mlmmj-sub', '-L', path, '-a', address, '-q', '-s', '-f', *option.split()], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Driver(program, 'mlmmj', '--dir', path, '--programs', PROGRAMS), path


def listed(path, option):
    done = subprocess.run([PROGRAMS + '/mlmmj-list', '-L', path, *option.split()], check=True, stdout=subprocess.PIPE,
                          text=True)
    return sorted(done.stdout.split())


READERS = {'ann@example.com': '', 'bob@example.com': '', 'dora@example.com': '-d', 'own@example.com': '-n'}


def test_actions(program, folder):
    driver, path = make_list(program, folder, READERS)
    driver.twice('suspend', 'Ann@example.com')
    driver.twice('suspend', 'dora@example.com')
    want(listed(path, '-s'), ['bob@example.com'], 'normal')
    want(listed(path, '-d'), [], 'digest')
    want(listed(path, '-n'), ['ann@example.com', 'dora@example.com', 'own@example.com'], 'no mail')
    want(driver.members(), {'ann@example.com': 'by_bounces', 'bob@example.com': 'enabled', 'dora@example.com': 'by_bounces',
                            'own@example.com': 'by_user'})
    driver.twice('move', 'new@example.net', 'ann@example.com')
    driver.twice('restore', 'new@example.net')
    driver.twice('restore', 'dora@example.com')
    want(listed(path, '-s'), ['bob@example.com', 'new@example.net'], 'normal again')
    want(listed(path, '-d'), ['dora@example.com'], 'digest again')
    driver.twice('remove', 'bob@example.com')
    driver.twice('remove', 'own@example.com')
    driver.twice('add', 'bob@example.com')
    want(driver.members(), {'bob@example.com': 'enabled', 'new@example.net': 'enabled', 'dora@example.com': 'enabled'})
    want((path / 'nixie.suspended').read_text(), '')
    want(list((path / 'queue').glob('*')), [path / 'queue/discarded'], 'mails')


def test_who_chose_no_mail_keeps_it(program, folder):
    driver, path = make_list(program, folder, READERS)
    for action in ('suspend', 'restore', 'add'):
        want_in('nothing to do', driver.hook(action, 'own@example.com').stdout)
        want(listed(path, '-n'), ['own@example.com'], action)
    driver.twice('move', 'mine@example.net', 'own@example.com')
    want(listed(path, '-n'), ['mine@example.net'])
    # He left while he was suspended, and came back as he liked it: the old note is not his.
    driver.hook('suspend', 'ann@example.com')
    subprocess.run([PROGRAMS + '/mlmmj-unsub', '-L', path, '-a', 'ann@example.com', '-q', '-s'], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    driver.hook('restore', 'ann@example.com')
    want(listed(path, '-s'), ['bob@example.com'])


def test_killed(program, folder):
    driver, path = make_list(program, folder, READERS)
    got = driver.kill_and_repeat('suspend', 'dora@example.com', tries=8, state=lambda: driver.hook('restore', 'dora@example.com'))
    want(got['dora@example.com'], 'by_bounces')
    want(driver.kill_and_repeat('restore', 'dora@example.com', tries=8,
                                state=lambda: driver.hook('suspend', 'dora@example.com'))['dora@example.com'], 'enabled')
    want(listed(path, '-d'), ['dora@example.com'])


def test_strange_addresses(program, folder):
    driver, path = make_list(program, folder, {})
    for address in ("o'b@example.com", '"a b;$(id)"@example.com', 'a+b=c%d@example.com', '_x@example.com'):
        driver.twice('add', address)
        driver.twice('suspend', address)
        driver.twice('restore', address)
        want(list(driver.members()), [address])
        driver.twice('remove', address)
        want(driver.members(), {})


def test_what_is_wrong(program, folder):
    want_in('folder of an mlmmj list', Driver(program, 'mlmmj', '--dir', folder).hook('add', 'a@example.com', status=78).stderr)
    want_in('--dir is missing', Driver(program, 'mlmmj').run('import', status=78).stderr)
    driver, path = make_list(program, folder, {})
    lost = Driver(program, 'mlmmj', '--dir', path, '--programs', folder)
    want_in('mlmmj-sub cannot be started', lost.hook('add', 'a@example.com', status=78).stderr)


if __name__ == '__main__':
    if not os.access(PROGRAMS + '/mlmmj-sub', os.X_OK):
        skip_all('mlmmj is not installed (Debian: apt-get install mlmmj); NX_MLMMJ names the folder of its programs')
    sys.exit(main(sys.modules[__name__], sys.argv[1]))
