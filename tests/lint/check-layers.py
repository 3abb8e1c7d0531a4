#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-layers.py ROOT: the arrows between the rooms point one way.

Reads every #include of src/ and include/nixie/. A room may include what stands above it in ROOMS, never below.
The command line sees what a stranger's program sees: the public headers. The reason is in CONTRIBUTING.md.
"""
import re
import sys
from pathlib import Path
from typing import Dict, List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

# In the order of the arrows. A new room gets its place here, and its line in CONTRIBUTING.md.
ROOMS = ['base', 'smtp', 'source', 'mime', 'report', 'verdict', 'identity', 'policy', 'store', 'output', 'cli']

# Folders of src/ that hold data, with the scripts and programs of the build that read it: no part of the library.
DATA_ROOMS = ['rules', 'templates']

# Which room a public header belongs to. nixie.h includes them all, so only a later room than all may have it.
HEADERS = {
    'error': 'base', 'rules': 'base',
    'address': 'smtp', 'reply': 'smtp', 'status': 'smtp',
    'source': 'source',
    'message': 'mime',
    'report': 'report',
    'verdict': 'verdict',
    'confirmation': 'identity', 'event': 'identity', 'verp': 'identity',
    'policy': 'policy',
    'bookmark': 'store', 'forward': 'store', 'health': 'store', 'incident': 'store', 'outbox': 'store', 'post': 'store', 'privacy': 'store', 'replay': 'store', 'store': 'store', 'undo': 'store',
    'holdings': 'output', 'nixie': 'output', 'notice': 'output', 'output': 'output',
}

# A library that one room wraps for all others: who includes it elsewhere goes round that room.
WRAPPED = {'archive.h': ['source'], 'archive_entry.h': ['source'], 'bzlib.h': ['source'], 'lzma.h': ['source'],
           'zlib.h': ['source'], 'zstd.h': ['source'], 'sqlite3.h': ['store'], 'jansson.h': ['report', 'output'], 'idn2.h': ['smtp'], 'libpsl.h': ['smtp'],
           'gmime/': ['base', 'mime', 'report']}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def rank(room: str) -> int:
    return ROOMS.index(room)


def room_of(name: str) -> str:
    """The room of a file: "src/smtp/reply.c" or "include/nixie/reply.h"; "" when it has none."""
    parts = name.split('/')
    if parts[0] == 'include':
        return HEADERS.get(parts[-1][:-2], '')
    return parts[1] if len(parts) == 3 and parts[1] in ROOMS else ''


def judge(root: Path, name: str, room: str, quote: str, target: str) -> List[str]:
    """What is wrong with one #include: [] or [cause, cure]."""
    public = name.startswith('include/')
    if quote == '<' and target.startswith('nixie/'):
        stem = target[len('nixie/'):-2]
        if stem not in HEADERS:
            return ['<%s> is no public header that this check knows' % target,
                    'add it to HEADERS in tests/lint/check-layers.py, with its room']
        if stem == 'nixie' and room != 'cli':
            return ['<nixie/nixie.h> includes every room', 'include the headers that are needed, one by one']
        if rank(HEADERS[stem]) > rank(room):
            return ['%s includes <%s>, which belongs to the later room %s' % (room, target, HEADERS[stem]),
                    'move the code to %s, or what it needs down to %s' % (HEADERS[stem], room)]
        return []
    if quote == '<':
        for library, rooms in WRAPPED.items():
            if target.startswith(library) and (public or room not in rooms):
                return ['%s includes <%s>' % ('a public header' if public else room, target),
                        'only %s may; use what it offers' % ', '.join(rooms)]
        return []
    if public:
        return ['a public header includes the private "%s"' % target, 'public headers include <glib.h> and <nixie/...>']
    if room == 'cli' and (root / 'src/cli' / target).is_file():
        return []  # it is built without src/ in its path, so that the compiler keeps it honest too
    if not (root / 'src' / target).is_file() or '/' not in target:
        return ['"%s" is no file below src/' % target, 'write it as "room/file.h", from src/']
    there = target.split('/')[0]
    if there not in ROOMS:
        return ['"%s" is in no room that this check knows' % target, 'see ROOMS in tests/lint/check-layers.py']
    if room == 'cli' and there != 'cli':
        return ['the command line includes the private "%s"' % target,
                'use the public headers; what they lack, they lack for everybody']
    if rank(there) > rank(room):
        return ['%s includes "%s" of the later room %s' % (room, target, there),
                'move the code to %s, or what it needs down to %s' % (there, room)]
    return []


def find_loops(arrows: Dict[str, Dict[str, int]]) -> List[Finding]:
    """Headers of one room that include each other."""
    findings, done = [], set()

    def visit(name: str, path: List[str]) -> None:
        for target, line in arrows.get(name, {}).items():
            if target in path + [name]:
                findings.append(Finding(name, line, 'includes "%s", which includes it back' % target,
                                        'give what both need a header of its own'))
            elif target not in done:
                visit(target, path + [name])
        done.add(name)

    for name in sorted(arrows):
        if name not in done:
            visit(name, [])
    return findings


def check(root: Path) -> List[Finding]:
    findings = []
    arrows: Dict[str, Dict[str, int]] = {}
    for path in sorted((root / 'src').iterdir()) if (root / 'src').is_dir() else []:
        if path.is_dir() and path.name not in ROOMS + DATA_ROOMS:
            findings.append(Finding('src/' + path.name, 1, 'no room is called %s' % path.name,
                                    'give it its place in ROOMS of tests/lint/check-layers.py, or use a room that is there'))
    for path in lint.c_files(root, 'src', 'include/nixie'):
        name = str(path.relative_to(root))
        room = room_of(name)
        if not room:
            if name.count('/') == 2 and name.split('/')[1] in DATA_ROOMS:
                continue
            if name.startswith('include/'):
                findings.append(Finding(name, 1, 'a public header without a room',
                                        'add it to HEADERS in tests/lint/check-layers.py'))
            elif name.split('/')[1] in ROOMS + DATA_ROOMS or name.count('/') == 1:
                findings.append(Finding(name, 1, 'C code outside a room', 'C files live in src/ROOM/, one folder deep'))
            continue
        text = lint.strip(lint.read(path), strings=False)
        for found in INCLUDE.finditer(text):
            line = lint.line_of(text, found.start(1))
            wrong = judge(root, name, room, found.group(1), found.group(2))
            if wrong:
                findings.append(Finding(name, line, wrong[0], wrong[1]))
            if name.endswith('.h'):
                prefix = 'src/' if found.group(1) == '"' else 'include/'
                arrows.setdefault(name, {})[prefix + found.group(2)] = line
    return findings + find_loops(arrows)


CASES = [
    ({'src/smtp/a.c': '#include "base/b.h"\n#include <nixie/error.h>\n#include <string.h>\n', 'src/base/b.h': ''}, ''),
    ({'src/base/a.c': '\n#include "smtp/b.h"\n', 'src/smtp/b.h': ''}, 'src/base/a.c:2: base includes "smtp/b.h"'),
    ({'src/mime/a.c': '#include <nixie/report.h>\n'}, 'later room report'),
    ({'src/mime/a.c': '/* #include <nixie/report.h> */\n'}, ''),
    ({'include/nixie/status.h': '#include <nixie/report.h>\n'}, 'include/nixie/status.h:1: smtp includes'),
    ({'include/nixie/status.h': '#include "smtp/a.h"\n', 'src/smtp/a.h': ''}, 'private "smtp/a.h"'),
    ({'include/nixie/other.h': ''}, 'without a room'),
    ({'src/output/a.c': '#include <nixie/nixie.h>\n'}, 'includes every room'),
    ({'src/cli/a.c': '#include <nixie/nixie.h>\n#include "b.h"\n#include <glib.h>\n', 'src/cli/b.h': ''}, ''),
    ({'src/cli/a.c': '#include "base/b.h"\n', 'src/base/b.h': ''}, 'command line includes the private'),
    ({'src/cli/a.c': '#include <sqlite3.h>\n'}, 'only store may'),
    ({'src/base/a.c': '#include "b.h"\n', 'src/base/b.h': ''}, 'no file below src/'),
    ({'src/attic/a.c': ''}, 'no room is called attic'),
    ({'src/a.c': ''}, 'outside a room'),
    ({'src/base/a.h': '#include "base/b.h"\n', 'src/base/b.h': '#include "base/a.h"\n'}, 'includes it back'),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'layers'))
