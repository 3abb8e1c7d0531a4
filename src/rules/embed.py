#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""embed.py FOLDER SUFFIX HEADER TABLE OUTPUT.c DEPFILE: puts the files of FOLDER and of its folders whose names end in
SUFFIX into the C table TABLE, which HEADER declares.

Run by the build. The depfile names the folders and each file, so that a new or changed file is picked up without
touching a meson.build.
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
    folder, suffix, header, table, output, depfile = sys.argv[1:7]
    folders = [folder] + sorted(e.path for e in os.scandir(folder) if e.is_dir())
    paths = sorted(e.path for f in folders for e in os.scandir(f) if e.is_file() and e.name.endswith(suffix))
    with open(output, 'w', encoding='ascii') as f:
        f.write('/* Made by src/rules/embed.py; do not edit. */\n#include "%s"\n\n' % header)
        f.write('const NxRulesData %s[] = {\n' % table)
        for path in paths:
            with open(path, 'rb') as r:
                f.write('\t{ "%s",\n%s },\n' % (os.path.relpath(path, folder), c_string(r.read())))
        f.write('\t{ NULL, NULL },\n};\n')
    with open(depfile, 'w', encoding='utf-8') as f:
        f.write('%s: %s\n' % (output, ' '.join(folders + paths)))


main()
