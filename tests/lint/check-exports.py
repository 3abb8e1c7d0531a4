#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-exports.py ROOT LIBRARY: what libnixie exports, what its headers declare and exported-symbols.txt are one.

A symbol that goes missing breaks programs that are installed already; one that appears is a promise for years. So
both show up in a diff that somebody reads: NX_UPDATE=1 in the environment rewrites the list.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

LIST = 'tests/lint/exported-symbols.txt'
DECLARED = re.compile(r'\bNX_API\b[^;{]*?\b(\w+)\s*\(')


def read_library(library: Path) -> List[str]:
    out = subprocess.run(['nm', '-D', '--defined-only', '--format=posix', str(library)],
                         capture_output=True, check=True, text=True).stdout
    names = {line.split()[0].split('@')[0] for line in out.splitlines() if line.strip()}
    # Instrumented builds (sanitizers, coverage) export their own, all with a reserved name.
    return sorted(n for n in names if not n.startswith('_'))


def read_headers(root: Path) -> Dict[str, str]:
    declared = {}
    for path in lint.c_files(root, 'include/nixie'):
        text = lint.strip(lint.read(path))
        text = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), text, flags=re.M)
        for found in DECLARED.finditer(text):
            declared[found.group(1)] = '%s:%d' % (path.relative_to(root), lint.line_of(text, found.start()))
    return declared


def compare(exported: List[str], declared: Dict[str, str], listed: List[str]) -> List[Finding]:
    update = 'if that is meant: NX_UPDATE=1 meson test -C build exports'
    findings = []
    for name in exported:
        if not name.startswith('nx_'):
            findings.append(Finding(LIST, 1, 'the library exports %s, which is not ours to name' % name,
                                    'NX_API belongs on nx_*() only'))
        elif name not in declared:
            findings.append(Finding(LIST, 1, 'the library exports %s, which no header declares' % name,
                                    'declare it in include/nixie, or take its NX_API away'))
        elif name not in listed:
            findings.append(Finding(LIST, len(listed) + 1, '%s is new' % name, update))
    for name, place in sorted(declared.items()):
        if name not in exported:
            path, line = place.rsplit(':', 1)
            findings.append(Finding(path, int(line), '%s is declared and not in the library' % name,
                                    'write it, or take the declaration away'))
    for number, name in enumerate(listed, 1):
        if name not in exported and name not in declared:
            findings.append(Finding(LIST, number, '%s is gone from the library' % name, update))
    return findings


def self_test() -> List[str]:
    here = {'nx_a': 'include/nixie/a.h:1'}
    cases = [
        (['nx_a'], here, ['nx_a'], ''),
        (['nx_a', 'nx_b'], here, ['nx_a'], 'no header declares'),
        (['nx_a'], here, [], 'nx_a is new'),
        ([], here, ['nx_a'], 'include/nixie/a.h:1: nx_a is declared'),
        (['nx_a'], here, ['nx_a', 'nx_b'], LIST + ':2: nx_b is gone'),
        (['nx_a', 'helper'], here, ['nx_a'], 'not ours to name'),
    ]
    faults = []
    for exported, declared, listed, want in cases:
        found = [str(f) for f in compare(exported, declared, listed)]
        if len(found) != bool(want) or (want and want not in found[0]):
            faults.append('self-test: wanted %s, got %s' % (want or 'no finding', found))
    with tempfile.TemporaryDirectory() as folder:
        lint.plant(Path(folder), {'include/nixie/a.h': '#define NX_API x (\n/* NX_API int nx_no (void); */\n'
                                                       'NX_API const char *nx_yes (int a,\n\t\tint b);\n'})
        if list(read_headers(Path(folder))) != ['nx_yes']:
            faults.append('self-test: wanted nx_yes alone, got %s' % read_headers(Path(folder)))
    return faults


def main() -> int:
    faults = self_test()
    if faults:
        print('\n'.join(faults))
        return 1
    root, library = Path(sys.argv[1]), Path(sys.argv[2])
    listing = root / LIST
    exported = read_library(library)
    if os.environ.get('NX_UPDATE'):
        listing.write_text('\n'.join(exported) + '\n', encoding='ascii')
        print('%s: rewritten, %d symbols' % (LIST, len(exported)))
    listed = lint.read(listing).split() if listing.is_file() else []
    return lint.finish(compare(exported, read_headers(root), listed), '%d exported symbols' % len(exported))


if __name__ == '__main__':
    sys.exit(main())
