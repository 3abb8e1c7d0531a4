#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_files.py NIXIE-DRIVER: the drivers of list managers that are files: Majordomo and ezmlm. Writes TAP.

The files are written and read here by the formats' own descriptions, not by the driver.
"""
import fcntl
import os
import subprocess
import sys
import threading
import time

from harness import Driver, main, want, want_in

# ---- Majordomo ----

LINES = 'ann@example.com\nBob Baker <Bob@Example.com>\ncarl@example.com (Carl)\n\nM\xfcller, no address\ndora@example.com'


def majordomo(program, folder, text=LINES):
    path = folder / 'news'
    path.write_bytes(text.encode('latin-1'))
    return Driver(program, 'majordomo', '--file', path), path


def read(path):
    return path.read_bytes().decode('latin-1')


def test_majordomo_actions(program, folder):
    driver, path = majordomo(program, folder)
    path.chmod(0o640)
    driver.twice('suspend', 'bob@example.com')
    want(read(path), LINES.replace('Bob Baker <Bob@Example.com>\n', ''), 'the list')
    want(read(folder / 'news.suspended'), 'Bob Baker <Bob@Example.com>\n', 'the other file')
    driver.twice('move', 'bobby@example.net', 'bob@example.com')
    want(read(folder / 'news.suspended'), 'Bob Baker <bobby@example.net>\n')
    driver.twice('restore', 'bobby@example.net')
    want(read(path).splitlines()[-1], 'Bob Baker <bobby@example.net>')
    want(read(folder / 'news.suspended'), '')
    driver.twice('move', 'carl@example.org', 'carl@example.com')
    want_in('carl@example.org (Carl)\n', read(path))
    driver.twice('remove', 'ann@example.com')
    driver.twice('add', 'ann@example.com')
    want(driver.members(), {name: 'enabled' for name in ('dora@example.com', 'bobby@example.net', 'carl@example.org',
                                                         'ann@example.com')})
    want_in('M\xfcller, no address\n', read(path), 'a line that is none')
    want(path.stat().st_mode & 0o777, 0o640, 'mode')
    want(sorted(p.name for p in folder.iterdir()), ['news', 'news.suspended'], 'what lies there')


def test_majordomo_who_left_is_not_brought_back(program, folder):
    driver, path = majordomo(program, folder)
    for action in ('restore', 'suspend'):
        want_in('nothing to do', driver.hook(action, 'gone@example.com').stdout)
    want_in('nothing to do', driver.hook('move', 'new@example.com', 'gone@example.com').stdout)
    want(read(path), LINES)


def test_majordomo_move_onto_a_member(program, folder):
    driver, path = majordomo(program, folder)
    driver.twice('move', 'dora@example.com', 'ann@example.com')
    want(read(path), LINES.split('\n', 1)[1])


def test_majordomo_lock_is_respected(program, folder):
    driver, path = majordomo(program, folder)
    lock = folder / 'L.news'
    lock.write_text('%d\n' % os.getpid())
    timer = threading.Timer(0.7, lock.unlink)
    timer.start()
    begin = time.monotonic()
    driver.hook('remove', 'ann@example.com')
    want(time.monotonic() - begin > 0.6, True, 'waited')
    timer.join()
    # Of a process that is gone.
    dead = subprocess.Popen(['true'])
    dead.wait()
    lock.write_text('%d\n' % dead.pid)
    driver.hook('remove', 'dora@example.com')
    want(lock.exists(), False, 'the lock')


def test_majordomo_killed(program, folder):
    driver, path = majordomo(program, folder)

    def reset():
        path.write_bytes(LINES.encode('latin-1'))
        (folder / 'news.suspended').unlink(missing_ok=True)

    got = driver.kill_and_repeat('suspend', 'bob@example.com', state=reset)
    want(got, {'ann@example.com': 'enabled', 'carl@example.com': 'enabled', 'dora@example.com': 'enabled',
               'Bob@example.com': 'by_bounces'})


def test_majordomo_many_at_once(program, folder):
    driver, path = majordomo(program, folder, ''.join('r%d@example.com\n' % i for i in range(12)))
    threads = [threading.Thread(target=driver.hook, args=('suspend', 'r%d@example.com' % i)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    want(sorted(read(folder / 'news.suspended').split()), ['r%d@example.com' % i for i in range(8)])
    want(read(path).split(), ['r%d@example.com' % i for i in range(8, 12)])


def test_majordomo_wrong_file(program, folder):
    driver = Driver(program, 'majordomo', '--file', folder / 'none')
    want_in('No such file', driver.hook('suspend', 'ann@example.com', status=78).stderr)
    want_in('--file is missing', Driver(program, 'majordomo').run('import', status=78).stderr)
    want(list(folder.iterdir()), [], 'what lies there')


# ---- ezmlm ----

def bucket(address):
    """The file's name, from the format's description."""
    number = 5381
    for byte in b'T' + address.lower().encode():
        number = ((number + (number << 5)) & 0xffffffff) ^ byte
    return chr(64 + number % 53)


def ezmlm(program, folder, *addresses):
    path = folder / 'news'
    (path / 'subscribers').mkdir(parents=True)
    for address in addresses:
        with open(path / 'subscribers' / bucket(address), 'ab') as file:
            file.write(b'T' + address.encode() + b'\0')
    return Driver(program, 'ezmlm', '--dir', path), path


def read_ezmlm(path, sub='.'):
    """What ezmlm would find: in the file of its hash only."""
    found = {}
    for file in sorted((path / sub / 'subscribers').glob('?')):
        for record in file.read_bytes().split(b'\0')[:-1]:
            want(record[:1], b'T')
            found[record[1:].decode()] = file.name
    for address, name in found.items():
        want(name, bucket(address), 'the file of ' + address)
    return sorted(found)


READERS = ['r%d@example.com' % i for i in range(120)]


def test_ezmlm_actions(program, folder):
    driver, path = ezmlm(program, folder, *READERS, 'Bob@example.com')
    others = sorted(READERS)
    driver.twice('suspend', 'bob@example.com')
    want(read_ezmlm(path), others)
    want(read_ezmlm(path, 'suspended'), ['bob@example.com'])
    driver.twice('move', 'Bobby@Example.NET', 'bob@example.com')
    want(read_ezmlm(path, 'suspended'), ['Bobby@example.net'])
    driver.twice('restore', 'bobby@example.net')
    want(read_ezmlm(path), sorted(others + ['bobby@example.net']))
    want(read_ezmlm(path, 'suspended'), [])
    driver.twice('remove', 'r7@example.com')
    want('r7@example.com' in read_ezmlm(path), False)
    driver.twice('add', 'r7@example.com')
    driver.twice('move', 'r8@example.com', 'r7@example.com')
    want(read_ezmlm(path), sorted(set(others) - {'r7@example.com'} | {'bobby@example.net'}))
    want(len(driver.members()), len(READERS))


def test_ezmlm_finds_what_old_versions_filed_elsewhere(program, folder):
    driver, path = ezmlm(program, folder)
    wrong = path / 'subscribers' / ('A' if bucket('x@example.com') != 'A' else 'B')
    wrong.write_bytes(b'Tx@example.com\0Ty@example.com\0')
    driver.hook('remove', 'x@example.com')
    want(wrong.read_bytes(), b'Ty@example.com\0')


def test_ezmlm_lock_is_respected(program, folder):
    driver, path = ezmlm(program, folder, 'ann@example.com')
    with open(path / 'lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        child = subprocess.Popen(driver.words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=driver.environment)
        child.stdin.write(b'{"action":"remove","address":"ann@example.com"}')
        child.stdin.close()
        time.sleep(0.5)
        want(child.poll(), None, 'it waits')
        want(read_ezmlm(path), ['ann@example.com'])
    want(child.wait(30), 0)
    want(read_ezmlm(path), [])


def test_ezmlm_killed(program, folder):
    driver, path = ezmlm(program, folder, *READERS)

    def reset():
        driver.hook('restore', 'r5@example.com')

    got = driver.kill_and_repeat('suspend', 'r5@example.com', state=reset)
    want(got, {**{name: 'enabled' for name in READERS}, 'r5@example.com': 'by_bounces'})


def test_ezmlm_wrong_folder(program, folder):
    driver = Driver(program, 'ezmlm', '--dir', folder)
    want_in('--dir must be the folder of an ezmlm list', driver.hook('suspend', 'ann@example.com', status=78).stderr)
    driver, path = ezmlm(program, folder)
    (path / 'sql').write_text('localhost')
    want_in('SQL database', driver.run('import', status=78).stderr)


if __name__ == '__main__':
    sys.exit(main(sys.modules[__name__], sys.argv[1]))
