#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-tree.py ROOT: the top level is exactly what CONTRIBUTING.md says, so that a newcomer sees it at a glance."""
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

WANTED = ['src', 'include', 'tests', 'fixtures', 'contrib', 'meson.build', 'meson_options.txt', 'README.md', 'LICENSE',
          'CONTRIBUTING.md']


def check(root: Path) -> List[Finding]:
    there = {p.name for p in root.iterdir()}
    findings = [Finding(name, 1, 'missing from the top level', 'put it back, or change WANTED in tests/lint/check-tree.py')
                for name in WANTED if name not in there]
    for name in sorted(there - set(WANTED)):
        if not name.startswith('.') and not (name.startswith('build') and (root / name).is_dir()):
            findings.append(Finding(name, 1, 'has no business at the top level',
                                    'move it into one of: ' + ' '.join(n for n in WANTED if '.' not in n)))
    return findings


ALL = {name if '.' in name or name == 'LICENSE' else name + '/x': '' for name in WANTED}
CASES = [
    ({**ALL, '.ci/run': '', 'build-asan/x': ''}, ''),
    ({**ALL, 'notes.txt': ''}, 'notes.txt:1: has no business'),
    ({**ALL, 'builder': ''}, 'builder:1: has no business'),
    ({k: v for k, v in ALL.items() if k != 'LICENSE'}, 'LICENSE:1: missing'),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'top level'))
