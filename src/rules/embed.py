#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""embed.py FOLDER OUTPUT.c DEPFILE: puts every *.rules file of FOLDER into one C table.

Run by the build. The depfile names the folder and each file, so that a new or changed rules file is
picked up without touching a meson.build.
"""
import os
import sys


def c_string(data: bytes) -> str:
    out = []
    for line in data.splitlines(keepends=True):
        text = ''.join(
            chr(b) if 32 <= b < 127 and b not in b'"\\?' else '\\%03o' % b for b in line)
        out.append('\t  "%s"' % text)
    return '\n'.join(out) or '\t  ""'


def main() -> None:
    folder, output, depfile = sys.argv[1:4]
    names = sorted(n for n in os.listdir(folder) if n.endswith('.rules'))
    with open(output, 'w', encoding='ascii') as f:
        f.write('/* Made by src/rules/embed.py; do not edit. */\n#include "base/rules-data.h"\n\n')
        f.write('const NxRulesData nx_rules_data[] = {\n')
        for name in names:
            with open(os.path.join(folder, name), 'rb') as r:
                f.write('\t{ "%s",\n%s },\n' % (name, c_string(r.read())))
        f.write('\t{ NULL, NULL },\n};\n')
    with open(depfile, 'w', encoding='utf-8') as f:
        f.write('%s: %s\n' % (output, ' '.join([folder] + [os.path.join(folder, n) for n in names])))


main()
