# SPDX-License-Identifier: LGPL-2.1-or-later
"""harness.py: what the tests of nixie-driver share: calls of a hook, the wanted answers, TAP.

A test is a function test_… of the calling module that takes a folder of its own; Failure says what is wrong. A run whose list
manager is not there ends with skip_all(), which says why.
"""
import csv
import inspect
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

SECONDS = 120
TRIES = 25


class Failure(Exception):
    pass


def want(got, wanted, what='result'):
    if got != wanted:
        raise Failure('%s: got %r, want %r' % (what, got, wanted))


def want_in(part, text, what='text'):
    if part not in text:
        raise Failure('%s: %r is not in %r' % (what, part, text))


def skip_all(reason):
    print('1..0 # SKIP ' + reason)
    sys.exit(0)


def call(action, address, old='', number=1, **more):
    """What nixie run writes to a hook."""
    return json.dumps({'id': number, 'action': action, 'list': 'news', 'list_address': 'news@lists.example.org',
                       'address': address, **({'old_address': old} if action == 'move' else {}),
                       'cause': 'the score reached the threshold', 'score': 2.97, 'date': '2026-01-16T12:00:00Z',
                       'state': 'suspended', 'previous_state': 'active', **more}) + '\n'


class Driver:
    """nixie-driver with the options of one list. It finds what a hook finds around it, and is in / as that is."""

    def __init__(self, program, manager, *options, environment=None):
        self.words = [os.path.abspath(program), manager, *map(str, options)]
        self.environment = {'PATH': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8',
                            'TZ': 'UTC', **(environment or {})}
        for name in ('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS', 'LD_LIBRARY_PATH'):
            if name in os.environ:
                self.environment.setdefault(name, os.environ[name])

    def run(self, *words, stdin='', status=0):
        done = subprocess.run([*self.words, *words], input=stdin.encode(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=self.environment, cwd='/', timeout=SECONDS)
        done.stdout, done.stderr = done.stdout.decode(), done.stderr.decode()
        if done.returncode != status:
            raise Failure('%s %s: status %d, want %d\nstdout: %s\nstderr: %s' %
                          (' '.join(self.words), stdin, done.returncode, status, done.stdout, done.stderr))
        return done

    def hook(self, action, address, old='', status=0, words=(), **more):
        return self.run(*words, stdin=call(action, address, old, **more), status=status)

    def twice(self, action, address, old=''):
        """What is told once more must change nothing; and a look ahead must neither."""
        before = self.members()
        self.hook(action, address, old, words=['--dry-run'])
        want(self.members(), before, '--dry-run of ' + action)
        first = self.hook(action, address, old)
        after = self.members()
        again = self.hook(action, address, old)
        want(self.members(), after, action + ' told twice')
        want_in('nothing to do', again.stdout, 'the second ' + action)
        return first

    def members(self):
        """{address: delivery} by import."""
        lines = self.run('import').stdout.splitlines()
        want(lines[0], 'address,name,delivery_status', 'header')
        rows = list(csv.reader(lines[1:]))
        want(len({row[0] for row in rows}), len(rows), 'addresses that stand twice in %r' % lines)
        return {row[0]: row[-1] for row in rows}

    def kill_and_repeat(self, action, address, old='', state=None, tries=TRIES):
        """Killed at any moment and told again, it comes to the same. @state: called before each try."""
        wanted = None
        for _ in range(tries):
            if state:
                state()
            child = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env=self.environment, start_new_session=True)
            child.stdin.write(call(action, address, old).encode())
            child.stdin.close()
            time.sleep(random.uniform(0, 0.03))
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()
            self.hook(action, address, old)
            got = self.members()
            wanted = wanted or got
            want(got, wanted, action + ' after a kill')
        return wanted


def main(module, *arguments):
    """Runs all test_… of the module in their order; each gets the arguments, and a folder."""
    tests = [function for name, function in inspect.getmembers(module, inspect.isfunction) if name.startswith('test_')]
    tests.sort(key=lambda function: function.__code__.co_firstlineno)
    print('1..%d' % len(tests))
    failed = 0
    for number, test in enumerate(tests, 1):
        folder = pathlib.Path(tempfile.mkdtemp(prefix='nx-driver-'))
        try:
            test(*arguments, folder)
            print('ok %d - %s' % (number, test.__name__), flush=True)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            text = str(error) if isinstance(error, Failure) else traceback.format_exc()
            print('not ok %d - %s' % (number, test.__name__))
            print('\n'.join('# ' + line for line in text.splitlines()), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0
