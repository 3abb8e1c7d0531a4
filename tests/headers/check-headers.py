#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-headers.py ROOT LANGUAGE [COMPILER…]: every public header compiles alone, as C17 or as C++17.

A header that needs another one to be included first is a trap for whoever includes it first. GLib's own headers are
taken as system headers: their warnings are not ours.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
FLAGS = {
    'c': ['-x', 'c', '-std=c17', '-pedantic', '-Wall', '-Wextra', '-Wstrict-prototypes', '-Werror', '-fsyntax-only'],
    'c++': ['-x', 'c++', '-std=c++17', '-pedantic', '-Wall', '-Wextra', '-Werror', '-fsyntax-only'],
}


def main() -> int:
    root, language, compiler = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if not compiler:
        found = [c for c in ('c++', 'g++', 'clang++') if shutil.which(c)]
        if not found:
            print('skipped: no C++ compiler is installed (c++, g++, clang++)')
            return SKIPPED
        compiler = found[:1]
    out = subprocess.run(['pkg-config', '--cflags', 'glib-2.0'], capture_output=True, text=True, check=True).stdout
    flags = FLAGS[language] + ['-I' + str(root / 'include')]
    for flag in out.split():
        flags += ['-isystem', flag[2:]] if flag.startswith('-I') else [flag]

    def compiles(text: str) -> 'subprocess.CompletedProcess[str]':
        with tempfile.NamedTemporaryFile('w', suffix='.c', prefix='nixie-header-') as file:
            file.write(text)
            file.flush()
            return subprocess.run(compiler + flags + [file.name], capture_output=True, text=True)

    # The check must be able to fail: on an unknown type, and on GNU C, which only -pedantic minds.
    for broken in ('NxUnknown *x;\n', 'int x[0];\n'):
        if compiles(broken).returncode == 0:
            print('the check itself is broken: %s takes %r' % (' '.join(compiler), broken))
            return 1
    failed = 0
    headers = sorted((root / 'include/nixie').glob('*.h'))
    for header in headers:
        result = compiles('#include <nixie/%s>\n#include <nixie/%s>\nint main (void);\n' % (header.name, header.name))
        if result.returncode != 0:
            failed += 1
            print('include/nixie/%s:1: does not compile alone as %s\n%s\tcure: include what it uses' %
                  (header.name, language, result.stderr))
    print('%d headers as %s: %d failed' % (len(headers), language, failed))
    return 1 if failed or not headers else 0


if __name__ == '__main__':
    sys.exit(main())
