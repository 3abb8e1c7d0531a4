#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-words.py ROOT: no file speaks of the machine that it was written on.

Looks for absolute paths below somebody's own folders, in everything that is tracked but the fixtures: those are
mails, and mails say what they like.
"""
import re
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

# Written so that this file does not find itself.
PATHS = re.compile(r'(?<![\w.~*%}$-])/(?:' + '|'.join(['work', 'root', 'home', 'Users']) + r')/[\w.]')


def check(root: Path) -> List[Finding]:
    findings = []
    for path in lint.tracked_files(root):
        name = str(path.relative_to(root))
        if name.startswith('fixtures/'):
            continue
        text = lint.read(path)
        for found in PATHS.finditer(text):
            findings.append(Finding(name, lint.line_of(text, found.start()),
                                    'the path of a machine: %s…' % text[found.start():found.end() + 8].split('\n')[0],
                                    'a path relative to the tree, or one that every system has'))
    return findings


OWN = '/' + 'home' + '/me/nixie'
CASES = [
    ({'README.md': 'see\n%s\n' % OWN}, 'README.md:2: the path of a machine'),
    ({'fixtures/a.eml': OWN, 'README.md': 'see ~%s and /usr/share/nixie and example.org%s' % (OWN, OWN)}, ''),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'words'))
