#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-install.py ROOT BUILD MESON SANITIZE COMPILER…: what is installed is enough to build against.

Installs BUILD into an empty folder, as a package would, and builds program.c with nothing but the installed headers,
library and nixie.pc. SANITIZE is the build's b_sanitize: a program must be instrumented as its library is.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import List


def call(command: List[str], **more: object) -> str:
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)  # type: ignore
    if result.returncode != 0:
        sys.exit('%s\nended with %d:\n%s' % (' '.join(command), result.returncode, result.stdout))
    return result.stdout


def main() -> int:
    root, build, meson, sanitize = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    compiler = sys.argv[5:]
    with tempfile.TemporaryDirectory(prefix='nixie-install-') as name:
        folder = Path(name)
        call([meson, 'install', '-C', build, '--no-rebuild', '--destdir', name])
        described = list(folder.rglob('nixie.pc'))
        if len(described) != 1:
            sys.exit('meson.build:1: installs %d files called nixie.pc; cure: one pkg.generate() for the shared library'
                     % len(described))
        prefix = next(line.split('=', 1)[1] for line in described[0].read_text().splitlines()
                      if line.startswith('prefix='))
        text = described[0].read_text().replace('prefix=' + prefix, 'prefix=' + name + prefix, 1)
        described[0].write_text(text)
        if str(root) in text or build in text:
            sys.exit('nixie.pc:1: names the tree that it was built in:\n' + text)
        env = dict(os.environ, PKG_CONFIG_PATH=str(described[0].parent), PKG_CONFIG_ALLOW_SYSTEM_CFLAGS='1')
        flags = call(['pkg-config', '--cflags', '--libs', 'nixie'], env=env).split()
        library = call(['pkg-config', '--variable=libdir', 'nixie'], env=env).strip()
        if sanitize != 'none':
            flags.append('-fsanitize=' + sanitize)
        call(compiler + ['-std=c17', str(root / 'tests/headers/program.c'), '-o', name + '/program'] + flags)
        env['LD_LIBRARY_PATH'] = library
        libdir = library[len(name):]
        program = next(path for path in folder.rglob('bin/nixie'))
        if prefix != '/usr' and libdir.encode() not in program.read_bytes():
            sys.exit('meson.build:1: the installed program does not look for its library in %s; before ldconfig has run '
                     'it would end with 127; cure: install_rpath' % libdir)
        version = call(['pkg-config', '--modversion', 'nixie'], env=env).strip()
        out = call([name + '/program'], env=env).strip()
        print('nixie %s; the program says: %s' % (version, out))
        if out != 'permanent user-unknown':
            print('tests/headers/program.c:1: wanted "permanent user-unknown"')
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
