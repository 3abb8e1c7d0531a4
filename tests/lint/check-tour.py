#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-tour.py ROOT NIXIE: the README's tour prints what it says it prints.

Runs each "$ nixie …" of the section "Sixty seconds", in order, on a database as contrib/quickstart makes it, and
compares. "..." stands for any lines; times and today's score are not compared.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, List, Tuple

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

MASKS = [(r'in \d+\.\d s\.', 'in T s.'), (r'\d+\.\d\d today', 'N today'),
         (r'ends on \d{4}-\d\d-\d\d', 'ends on DAY')]
PREPARE = ['nixie list add news news@lists.example.org',
           'nixie --list news subscriber import fixtures/archive/subscribers.csv']


def read_tour(text: str) -> List[Tuple[int, str, List[str]]]:
    """(line, command, lines that it should print)"""
    section = re.search(r'^## Sixty seconds\n.*?(?=^## |\Z)', text, re.M | re.S)
    tour: List[Tuple[int, str, List[str]]] = []
    first = lint.line_of(text, section.start()) if section else 0
    for number, line in enumerate(section.group(0).split('\n') if section else [], first):
        if line.startswith('    $ '):
            tour.append((number, line[6:], []))
            inside = True
        elif line and not line.startswith('    '):
            inside = False
        elif tour and inside:
            tour[-1][2].append(line[4:])
    return tour


def fits(want: List[str], got: str) -> bool:
    pattern = ''
    for line in want:
        pattern += r'(?:.*\n)*' if line.strip() == '...' else re.escape(line) + r'\n'
    for mask, text in MASKS:
        got = re.sub(mask, text, got)
    return re.fullmatch(pattern.rstrip(), got.rstrip('\n') + '\n') is not None


def expect(want: List[str]) -> List[str]:
    while want and not want[-1]:
        want = want[:-1]
    text = '\n'.join(want)
    for mask, replacement in MASKS:
        text = re.sub(mask, replacement, text)
    return text.split('\n') if text else ['']


def self_test() -> List[str]:
    tour = read_tour('# x\n\n## Sixty seconds\nWords.\n\n    $ nixie a\n    one\n\n      two\n\nMore.\n\n    $ nixie b\n\n## Y\n    $ no\n')
    faults = []
    if [(n, c, expect(w)) for n, c, w in tour] != [(6, 'nixie a', ['one', '', '  two']), (13, 'nixie b', [''])]:
        faults.append('self-test: read %s' % tour)
    for want, got, good in (('a\n...\nd', 'a\nb\nc\nd\n', True), ('a\n...\nd', 'a\nb\n', False), ('a', 'a\nb\n', False),
                            ('a.c', 'abc\n', False), ('1.50 today', '1.25 today\n', True), ('', '', True)):
        if fits(expect(want.split('\n')), got) != good:
            faults.append('self-test: %r and %r' % (want, got))
    return faults


def run(command: str, folder: str, env: Dict[str, str]) -> 'subprocess.CompletedProcess[str]':
    return subprocess.run(['sh', '-c', command], cwd=folder, env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120)


def main() -> int:
    faults = self_test()
    if faults:
        print('\n'.join(faults))
        return 1
    root, nixie = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    findings = []
    tour = read_tour(lint.read(root / 'README.md'))
    with tempfile.TemporaryDirectory(prefix='nixie-tour-') as folder:
        os.symlink(root / 'fixtures', folder + '/fixtures')
        os.mkdir(folder + '/build')
        env = dict(os.environ, PATH='%s:%s' % (nixie.resolve().parent, os.environ['PATH']), HOME=folder, TZ='UTC',
                   LC_ALL='C.UTF-8', NIXIE_DATABASE='build/quickstart.db', NIXIE_CONFIG='/dev/null')
        for command in PREPARE:
            result = run(command, folder, env)
            if result.returncode != 0:
                sys.exit('%s\nended with %d:\n%s' % (command, result.returncode, result.stdout))
        for line, command, want in tour:
            result = run(command, folder, env)
            if result.returncode != 0 or not fits(expect(want), result.stdout):
                findings.append(Finding('README.md', line, '"%s" ends with %d and prints\n%s' %
                                        (command, result.returncode, result.stdout), 'put that into the tour'))
    if not tour:
        findings.append(Finding('README.md', 1, 'has no tour', 'a section "Sixty seconds" with "$ nixie ..."'))
    return lint.finish(findings, '%d commands of the tour' % len(tour))


if __name__ == '__main__':
    sys.exit(main())
