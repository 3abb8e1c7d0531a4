#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-docs.py ROOT: what README.md and CONTRIBUTING.md name is there, and what they must name is named.

A path in backticks exists. Each line of the table of breaches names mails of fixtures/mail. Every key of a rules
stanza that src/base/rules.c takes stands in CONTRIBUTING.md, and no other. README.md has both of its commands on lines
of their own: continuous integration runs what it finds there.
"""
import re
import sys
from pathlib import Path
from typing import List

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

COMMANDS = ['sh contrib/quickstart', 'sh contrib/check']
PATH = re.compile(r'`((?:src|include|tests|fixtures|contrib|\.ci)/[\w./+-]*)`')
BREACH = re.compile(r'`([\w-]+/[\w-]+)`')
ROW = re.compile(r'^\| ((?:`[a-z][\w.-]*` ?)+)\|', re.M)
KEY = re.compile(r'`([a-z][a-z.-]*)[A-Z]*`')


def check_paths(root: Path, name: str, text: str) -> List[Finding]:
    return [Finding(name, lint.line_of(text, found.start()), '%s is not there' % found.group(1), 'name what is')
            for found in PATH.finditer(text)
            if 'NAME' not in found.group(1) and not (root / found.group(1)).exists()]


def check_breaches(root: Path, name: str, text: str) -> List[Finding]:
    findings = []
    start = text.find('\n## Breaches')
    for number, line in enumerate(text[start:].split('\n') if start >= 0 else [], lint.line_of(text, max(start, 0))):
        cells = line.split(' | ')
        if len(cells) != 4 or cells[3].startswith('held by') or set(cells[0]) <= set('|- '):
            continue
        mails = BREACH.findall(cells[3])
        missing = [m for m in mails if not (root / 'fixtures/mail' / (m + '.eml')).is_file()]
        if not mails or missing:
            findings.append(Finding(name, number, 'no mail holds this: %s' % ' '.join(missing or ['none named']),
                                    'a mail in fixtures/mail, named as `folder/name`'))
    return findings


def check_keys(root: Path, text: str) -> List[Finding]:
    source = root / 'src/base/rules.c'
    if not source.is_file():
        return []
    code = lint.strip(lint.read(source), strings=False)
    findings = []
    for kind in ('phrase', 'doubt', 'bystander', 'format', 'sign'):
        table = re.search(r'\{\s*"%s",\s*\{([^}]*)\}' % kind, code)
        known = set(re.findall(r'"([^"]+)"', table.group(1))) if table else set()
        section = re.search(r'^## A %s:.*?(?=^## )' % kind, text, re.M | re.S)
        told = set(KEY.findall(' '.join(ROW.findall(section.group(0))))) if section else set()
        told -= {'permanent', 'transient', 'blocked', 'benign'}
        for key in sorted(known ^ told):
            where = section.start() if section else 0
            findings.append(Finding('CONTRIBUTING.md', lint.line_of(text, where),
                                    '"%s" of a %s stanza %s' % (key, kind, 'is not told' if key in known else 'is no key'),
                                    'one row a key, as in src/base/rules.c'))
    return findings


def check(root: Path) -> List[Finding]:
    findings = []
    for name in ('README.md', 'CONTRIBUTING.md'):
        text = lint.read(root / name)
        findings += check_paths(root, name, text) + check_breaches(root, name, text)
        if name == 'CONTRIBUTING.md':
            findings += check_keys(root, text)
            continue
        for command in COMMANDS:
            if command not in text.split('\n'):
                findings.append(Finding(name, 1, 'does not have the command "%s"' % command, 'a line of its own'))
    return findings


GOOD = {'README.md': '\n'.join(COMMANDS), 'CONTRIBUTING.md': '', 'contrib/check': ''}
TABLE = '\n## Breaches\n\n| what | says | does | held by |\n|---|---|---|---|\n| a | b | c | %s |\n'
RULES = 'static const T types[] = { { "phrase", { "text", "over" } }, { "format", { "header." } } };'
TOLD = '## A phrase: x\n| `text` | |\n%s## A format: x\n| `header.NAME` | |\n## End\n'
CASES = [
    ({**GOOD, 'CONTRIBUTING.md': 'see `contrib/check`'}, ''),
    ({**GOOD, 'CONTRIBUTING.md': '\nsee `contrib/chek`'}, 'CONTRIBUTING.md:2: contrib/chek is not there'),
    ({**GOOD, 'README.md': 'sh contrib/check'}, 'the command "sh contrib/quickstart"'),
    ({**GOOD, 'CONTRIBUTING.md': TABLE % '`x/y`', 'fixtures/mail/x/y.eml': ''}, ''),
    ({**GOOD, 'CONTRIBUTING.md': TABLE % '`x/z`', 'fixtures/mail/x/y.eml': ''}, 'CONTRIBUTING.md:6: no mail holds this: x/z'),
    ({**GOOD, 'CONTRIBUTING.md': TABLE % '-'}, 'none named'),
    ({**GOOD, 'src/base/rules.c': RULES, 'CONTRIBUTING.md': TOLD % '| `over` | |\n'}, ''),
    ({**GOOD, 'src/base/rules.c': RULES, 'CONTRIBUTING.md': TOLD % ''}, '"over" of a phrase stanza is not told'),
    ({**GOOD, 'src/base/rules.c': RULES, 'CONTRIBUTING.md': TOLD % '| `over` | |\n| `under` | |\n'}, '"under" of a phrase'),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'documents'))
