#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-setup.py ROOT: what the build asks for, contrib/setup installs.

Reads every dependency(), find_library(… has_headers) and find_program() of the meson files, and the list in
contrib/setup. A library that is missing there breaks the promise of the README on every fresh machine, and on no
developer's own.
"""
import re
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

ASKS = [
    ('library', re.compile(r"\bdependency\s*\(\s*'([^']+)'")),
    ('header', re.compile(r"\bfind_library\s*\([^)]*has_headers\s*:\s*\[?\s*'([^']+)'")),
    ('command', re.compile(r"\bfind_program\s*\(\s*'([^']+)'(?![^)]*required\s*:\s*false)")),
]
NEED = re.compile(r'^(command|library|header|runtime)\s+(\S+)\s+\S+$', re.M)


def check(root: Path) -> List[Finding]:
    there = set(NEED.findall(lint.read(root / 'contrib/setup')))
    findings = []
    for path in sorted([root / 'meson.build', *(p for folder in ('src', 'tests', 'contrib')
                                                for p in root.glob(folder + '/**/meson.build'))]):
        text = re.sub(r'^\s*#[^\n]*', '', lint.read(path), flags=re.M) if path.is_file() else ''
        for kind, pattern in ASKS:
            for found in pattern.finditer(text):
                if (kind, found.group(1)) not in there:
                    findings.append(Finding(str(path.relative_to(root)), lint.line_of(text, found.start()),
                                            'contrib/setup does not install %s' % found.group(1),
                                            'a line "%s %s PACKAGE" there' % (kind, found.group(1))))
    return findings


SETUP = "needs='\nlibrary  glib-2.0  libglib2.0-dev\nheader   csv.h     libcsv-dev\ncommand  python3   python3\n'\n"
CASES = [
    ({'contrib/setup': SETUP, 'meson.build': "glib = dependency('glib-2.0', version: '>= 2.74')\n"
      "csv = cc.find_library('csv', has_headers: 'csv.h')\np = find_program('python3')\n"
      "m = find_program('mandoc', required: false)\n"}, ''),
    ({'contrib/setup': SETUP, 'meson.build': "\nx = dependency('x-1.0')\n"},
     'meson.build:2: contrib/setup does not install x-1.0'),
    ({'contrib/setup': SETUP, 'src/meson.build': "x = cc.find_library('x', has_headers: 'x.h')\n"}, 'header x.h'),
    ({'contrib/setup': SETUP, 'tests/meson.build': "x = find_program('expect')\n"}, 'command expect'),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'set-up'))
