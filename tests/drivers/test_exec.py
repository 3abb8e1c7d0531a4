#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_exec.py NIXIE-DRIVER: the driver exec, and what all drivers have in common: the call, options, statuses. Writes TAP."""
import json
import subprocess
import sys

from harness import Driver, Failure, call, main, want, want_in

SHOW = '''#!/usr/bin/env python3
import json, os, sys
open(os.path.join(os.path.dirname(sys.argv[0]), 'told'), 'a').write(json.dumps([sys.argv[1:], sys.stdin.read()]) + '\\n')
'''


def make_program(folder, text=SHOW, name='show'):
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def told(folder):
    path = folder / 'told'
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_each_action_runs_its_command(program, folder):
    show = make_program(folder)
    driver = Driver(program, 'exec', '--suspend', '%s nomail {list} {address}' % show, '--command',
                    "%s {action} '{list} {address}' {old_address} {list_address}" % show)
    driver.hook('suspend', 'ann@example.com')
    driver.hook('move', 'new@example.com', 'ann@example.com')
    driver.hook('remove', 'ann@example.com')
    want([words for words, _ in told(folder)],
         [['nomail', 'news', 'ann@example.com'],
          ['move', 'news new@example.com', 'ann@example.com', 'news@lists.example.org'],
          ['remove', 'news ann@example.com', '', 'news@lists.example.org']])
    want(told(folder)[0][1], call('suspend', 'ann@example.com'), 'its stdin')


def test_no_shell_reads_an_address(program, folder):
    show = make_program(folder)
    driver = Driver(program, 'exec', '--command', '%s $HOME {address}' % show)
    for address in ('"a b;touch x"@example.com', '`reboot`@example.com', '$HOME|reboot@example.com', '{list}@example.com', "o'b@example.com"):
        driver.hook('suspend', address)
        want(told(folder)[-1][0], ['$HOME', address])


def test_an_address_is_no_option(program, folder):
    show = make_program(folder)
    failed = Driver(program, 'exec', '--command', '%s {address}' % show).hook('suspend', '-rf@example.com', status=78)
    want_in('could be taken for an option', failed.stderr)
    want(told(folder), [])
    Driver(program, 'exec', '--command', '%s -- {address}' % show).hook('suspend', '-rf@example.com')
    Driver(program, 'exec', '--command', '%s --to={address}' % show).hook('suspend', '-rf@example.com')
    want([words for words, _ in told(folder)], [['--', '-rf@example.com'], ['--to=-rf@example.com']])


def test_its_status_and_words_are_told(program, folder):
    bad = make_program(folder, '#!/bin/sh\necho first >&2\necho second >&2\nexit 3\n')
    failed = Driver(program, 'exec', '--command', '%s {address}' % bad).hook('add', 'ann@example.com', status=75)
    want(failed.stderr, 'nixie-driver: %s ended with status 3: first\n' % bad)
    Driver(program, 'exec', '--command', '%s {address}' % bad, '--done-status', 3).hook('add', 'ann@example.com')
    killed = make_program(folder, '#!/bin/sh\nkill -9 $$\n')
    failed = Driver(program, 'exec', '--command', str(killed)).hook('add', 'ann@example.com', status=75)
    want_in('was ended by signal 9', failed.stderr)
    failed = Driver(program, 'exec', '--command', '/nowhere/x').hook('add', 'ann@example.com', status=78)
    want_in('/nowhere/x cannot be started', failed.stderr)


def test_dry_run_runs_nothing(program, folder):
    show = make_program(folder)
    done = Driver(program, 'exec', '--dry-run', '--command', '%s {address}' % show).hook('add', 'ann@example.com')
    want(done.stdout, 'would run %s | ann@example.com\n' % show)
    want(told(folder), [])


def test_wrong_configuration(program, folder):
    for options, part in ((['--suspend', 'x'], 'add --remove or --command'), (['--command', 'x {adress}'], '{adress} in a'),
                          (['--command', "x 'y"], 'is no list of words'), (['--command', 'x', '--nonsense'], 'nonsense'),
                          (['--command', 'x', 'export'], 'the one command is import')):
        want_in(part, Driver(program, 'exec', *options).hook('remove', 'ann@example.com', status=78).stderr)
    want_in('--import is missing', Driver(program, 'exec').run('import', status=78).stderr)
    want_in('no list manager "mailman4"', Driver(program, 'mailman4').run(status=78).stderr)


def test_import(program, folder):
    lister = make_program(folder, "#!/bin/sh\nprintf 'ann@example.com\\n\\n  bob@example.com\\n'\n")
    want(Driver(program, 'exec', '--import', lister).members(), {'ann@example.com': '', 'bob@example.com': ''})
    bad = make_program(folder, '#!/bin/sh\necho no list >&2; exit 1\n', 'bad')
    want_in('no list', Driver(program, 'exec', '--import', bad).run('import', status=75).stderr)


def test_what_is_no_call(program, folder):
    driver = Driver(program, 'exec', '--command', 'true {address}')
    for text, status, part in (('', 78, 'no call of a hook'), ('[]', 78, 'it is no JSON object'), ('x' * 70000, 78, '65536'),
                               ('{"action":"add","action":"add"}', 78, 'duplicate'),
                               (call('explode', 'a@example.com'), 75, '"action" is "explode"'),
                               (call('add', 'nobody'), 75, 'is no mail address'),
                               (call('add', 'a\nb@example.com'), 75, 'is no mail address'),
                               (call('add', 'a\x1b[2J@example.com'), 75, '\\x{1B}'),
                               (call('move', 'a@example.com', 'b'), 75, '"old_address" is no')):
        failed = driver.run(stdin=text, status=status)
        want_in(part, failed.stderr)
        want(failed.stderr.count('\n'), 1, 'lines')


def test_stdout_that_cannot_be_written(program, folder):
    with open('/dev/full', 'wb') as full:
        done = subprocess.run([program, 'exec', '--import', 'echo a@example.com', 'import'], stdout=full,
                              stderr=subprocess.PIPE)
    if done.returncode != 75:
        raise Failure('status %d: %r' % (done.returncode, done.stderr))


def test_help_of_every_driver(program, folder):
    text = subprocess.run([program, '--help'], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in text.split('Managers:\n')[1].splitlines()]
    want(len(names), 7)
    for name in names:
        text = subprocess.run([program, name, '--help'], capture_output=True, text=True, check=True).stdout
        for part in ('hook = /usr/lib/nixie/nixie-driver %s ' % name, '  --dry-run', '  75  not now', 'import'):
            want_in(part, text, name)


if __name__ == '__main__':
    sys.exit(main(sys.modules[__name__], sys.argv[1]))
