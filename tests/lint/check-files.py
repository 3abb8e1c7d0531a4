#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-files.py ROOT: C files open with their portrait and stay small enough to be read in one go.

The portrait is the SPDX line and a comment that begins with the file's own name: a name that was copied from another
file is the first sign of a comment that nobody reads.
"""
import re
import statistics
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

MAX_FILE_LINES = 800
MAX_FUNCTION_LINES = 120

SPDX = 'SPDX-License-Identifier: LGPL-2.1-or-later'


def check_portrait(name: str, text: str) -> List[Finding]:
    own = name.rsplit('/', 1)[-1]
    lines = text.split('\n')
    if lines[0] != '/* %s */' % SPDX:
        return [Finding(name, 1, 'does not open with its licence', 'first line: /* %s */' % SPDX)]
    portrait = re.match(r'/\*\s*\n?[ *]*([\w./+-]+):\s+\S', '\n'.join(lines[1:]))
    if not portrait:
        return [Finding(name, 2, 'has no portrait', 'a comment below the licence: "%s: its job, and what it will not do"' % own)]
    if portrait.group(1) != own:
        return [Finding(name, 3, 'the portrait is of %s' % portrait.group(1), 'begin it with "%s:"' % own)]
    return []


def check_sizes(name: str, text: str) -> List[Finding]:
    findings = []
    lines = text.count('\n')
    if lines > MAX_FILE_LINES:
        findings.append(Finding(name, MAX_FILE_LINES + 1, '%d lines; at most %d' % (lines, MAX_FILE_LINES),
                                'split it where its portrait needs an "and"'))
    for function in lint.functions(text):
        if function.lines > MAX_FUNCTION_LINES:
            findings.append(Finding(name, function.line, '%s has %d lines; at most %d' %
                                    (function.name, function.lines, MAX_FUNCTION_LINES),
                                    'name its steps and make each a function, or put the cases into a table'))
    return findings


def check_scripts(root: Path) -> List[Finding]:
    findings = []
    for path in lint.tracked_files(root):
        name = str(path.relative_to(root))
        if name.startswith('fixtures/') or path.suffix in ('.c', '.h'):
            continue
        head = lint.read(path)[:400].split('\n')[:3] if path.suffix in ('.py', '.sh', '') else []
        if head and head[0].startswith('#!') and SPDX not in '\n'.join(head):
            findings.append(Finding(name, 2, 'a script without its licence', 'second line: # ' + SPDX))
    return findings


def check(root: Path) -> List[Finding]:
    findings = check_scripts(root)
    for path in lint.c_files(root, 'src', 'include', 'contrib', 'tests'):
        name = str(path.relative_to(root))
        text = lint.read(path)
        findings += check_portrait(name, text)
        if not name.startswith('tests/'):
            findings += check_sizes(name, text)
    return findings


def measure(root: Path) -> None:
    sizes = sorted(f.lines for p in lint.c_files(root, 'src') for f in lint.functions(lint.read(p)))
    if sizes:
        print('%d functions: median %d lines, 9 of 10 within %d, longest %d' %
              (len(sizes), statistics.median(sizes), sizes[len(sizes) * 9 // 10], sizes[-1]))


HEAD = '/* %s */\n/*\n * a.c: a file.\n */\n' % SPDX
LONG = 'static int\nf (int a)\n{\n%s}\n'
CASES = [
    ({'src/base/a.c': HEAD + LONG % ('\ta++;\n' * 117)}, ''),
    ({'src/base/a.c': HEAD + LONG % ('\ta++;\n' * 119)}, 'src/base/a.c:6: f has 122 lines'),
    ({'src/base/a.c': HEAD + 'static const int t[] = {\n%s};\n' % ('\t1,\n' * 300)}, ''),
    ({'src/base/a.c': HEAD + 'int a;\n' * 800}, '804 lines'),
    ({'src/base/a.c': '/* a.c: a file. */\n'}, 'does not open with its licence'),
    ({'src/base/a.c': '/* %s */\nint a;\n' % SPDX}, 'has no portrait'),
    ({'src/base/b.c': HEAD}, 'the portrait is of a.c'),
    ({'contrib/x': '#!/bin/sh\necho\n'}, 'without its licence'),
]

if __name__ == '__main__':
    status = lint.run(check, CASES, 'files')
    if status == 0:
        measure(Path(sys.argv[1]))
    sys.exit(status)
