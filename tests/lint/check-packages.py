#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-packages.py ROOT: the files of packagers in contrib/ know the version, and every library that the build asks for."""
import re
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

VERSIONS = [
    ('contrib/debian/changelog', re.compile(r'^nixie \(([^)]*)\)')),
    ('contrib/rpm/nixie.spec', re.compile(r'^Version:\s*(\S+)', re.M)),
    ('contrib/alpine/APKBUILD', re.compile(r'^pkgver=(\S+)', re.M)),
]
ASKS = re.compile(r"\bdependency\s*\(\s*'([^']+)'")
# What Alpine calls it; Debian's names are in contrib/setup.
ALPINE = {'glib-2.0': 'glib', 'gio-2.0': 'glib', 'gmime-3.0': 'gmime', 'sqlite3': 'sqlite', 'liblzma': 'xz', 'libzstd': 'zstd',
          'libcurl': 'curl'}


def check(root: Path) -> List[Finding]:
    findings = []
    meson = lint.read(root / 'meson.build')
    wanted = re.search(r"^\s*version: '([^']+)'", meson, re.M).group(1)
    for name, pattern in VERSIONS:
        text = lint.read(root / name)
        found = pattern.search(text)
        if not found or found.group(1) != wanted:
            findings.append(Finding(name, lint.line_of(text, found.start()) if found else 1,
                                    'the version is %s, in meson.build %s' % (found.group(1) if found else 'missing', wanted),
                                    'the same in both'))
    setup = dict(re.findall(r'^library\s+(\S+)\s+(\S+)$', lint.read(root / 'contrib/setup'), re.M))
    control = lint.read(root / 'contrib/debian/control').split('\nPackage:')[0]
    spec = lint.read(root / 'contrib/rpm/nixie.spec')
    alpine = lint.read(root / 'contrib/alpine/APKBUILD').split()
    drivers = root / 'contrib/drivers/meson.build'
    asked = [(path, text, found) for path, text in (('meson.build', meson),
                                                    ('contrib/drivers/meson.build', lint.read(drivers) if drivers.is_file() else ''))
             for found in ASKS.finditer(text)]
    for path, text, found in asked:
        name = found.group(1)
        line = lint.line_of(text, found.start())
        if not re.search(r'^ %s\b' % re.escape(setup.get(name, name)), control, re.M):
            findings.append(Finding(path, line, 'contrib/debian/control does not ask for %s' % name, 'Build-Depends'))
        if 'pkgconfig(%s)' % name not in spec:
            findings.append(Finding(path, line, 'contrib/rpm/nixie.spec does not ask for %s' % name, 'BuildRequires'))
        if ALPINE.get(name, name) + '-dev' not in alpine:
            findings.append(Finding(path, line, 'contrib/alpine/APKBUILD does not ask for %s' % name, 'makedepends'))
    return findings


GOOD = {
    'meson.build': "project('nixie', 'c',\n  version: '1.2',\nx = dependency('x-1')\n",
    'contrib/setup': 'library  x-1  libx-dev\n',
    'contrib/debian/changelog': 'nixie (1.2) unstable\n',
    'contrib/debian/control': 'Build-Depends:\n libx-dev,\n\nPackage: nixie\n',
    'contrib/rpm/nixie.spec': 'Version: 1.2\nBuildRequires: pkgconfig(x-1)\n',
    'contrib/alpine/APKBUILD': 'pkgver=1.2\nmakedepends="\n\tx-1-dev\n"\n',
}
CASES = [
    (GOOD, ''),
    ({**GOOD, 'contrib/debian/changelog': 'nixie (1.1) unstable\n'}, 'contrib/debian/changelog:1: the version is 1.1'),
    ({**GOOD, 'contrib/rpm/nixie.spec': 'BuildRequires: pkgconfig(x-1)\n'}, 'the version is missing'),
    ({**GOOD, 'contrib/debian/control': 'Build-Depends:\n liby-dev,\n\nPackage: nixie\n libx-dev\n'},
     'meson.build:3: contrib/debian/control does not ask for x-1'),
    ({**GOOD, 'contrib/drivers/meson.build': "y = dependency('y')\n", 'contrib/rpm/nixie.spec': GOOD['contrib/rpm/nixie.spec'] +
      'BuildRequires: pkgconfig(y)\n', 'contrib/alpine/APKBUILD': GOOD['contrib/alpine/APKBUILD'] + 'y-dev\n'},
     'contrib/drivers/meson.build:1: contrib/debian/control does not'),
    ({**GOOD, 'contrib/rpm/nixie.spec': 'Version: 1.2\n'}, 'contrib/rpm/nixie.spec does not ask'),
    ({**GOOD, 'contrib/alpine/APKBUILD': 'pkgver=1.2\n'}, 'contrib/alpine/APKBUILD does not ask'),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'packages'))
