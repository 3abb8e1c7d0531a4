# SPDX-License-Identifier: LGPL-2.1-or-later
"""lint.py: what the checks of this folder share.

A check is a function that takes the root of a tree and returns findings. run() first lets it loose on small
made-up trees, each with the finding that must come out of it: a check that cannot fail is worth nothing. Only
then the real tree is looked at. A finding names file, line, cause and cure. Python's standard library only.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

SKIPPED = 77  # what meson takes for "skipped"


class Finding(NamedTuple):
    path: str
    line: int
    cause: str
    cure: str

    def __str__(self) -> str:
        return '%s:%d: %s\n\tcure: %s' % (self.path, self.line, self.cause, self.cure)


class Function(NamedTuple):
    name: str
    line: int
    lines: int
    start: int
    body: str


Check = Callable[[Path], List[Finding]]
Case = Tuple[Dict[str, str], str]


def read(path: Path) -> str:
    return path.read_text(encoding='utf-8', errors='replace')


def c_files(root: Path, *folders: str) -> Iterator[Path]:
    """Every .c and .h file below the folders, in a fixed order."""
    for folder in folders:
        yield from sorted(p for p in (root / folder).rglob('*') if p.suffix in ('.c', '.h'))


def tracked_files(root: Path) -> List[Path]:
    """What belongs to the project: git's word where there is one, else all but dot folders and build folders."""
    try:
        out = subprocess.run(['git', '-C', str(root), 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
                             capture_output=True, check=True).stdout.decode('utf-8', 'surrogateescape')
        names = [n for n in out.split('\0') if n]
    except (OSError, subprocess.CalledProcessError):
        names = []
    if not names:
        names = [str(p.relative_to(root)) for p in root.rglob('*')]
        names = [n for n in names if not re.match(r'\.git/|build[^/]*/', n)]
    return sorted(p for p in (root / n for n in names) if p.is_file())


def strip(text: str, strings: bool = True) -> str:
    """C text with its comments (and the inside of its strings) made blank; every character keeps its place."""
    def blank(match: 're.Match[str]') -> str:
        found = match.group(0)
        if found[0] == '/':
            return re.sub(r'[^\n]', ' ', found)
        return found[0] + re.sub(r'[^\n]', ' ', found[1:-1]) + found[-1] if strings else found
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def line_of(text: str, index: int) -> int:
    return text.count('\n', 0, index) + 1


def closing(text: str, index: int, pair: str = '()') -> int:
    """Where the bracket that opens at @index closes."""
    depth = 0
    for i in range(index, len(text)):
        depth += (text[i] == pair[0]) - (text[i] == pair[1])
        if depth == 0:
            return i
    return len(text) - 1


def functions(text: str) -> Iterator[Function]:
    """The function definitions of a C file: at the top level, a "{" behind a ")"."""
    code = strip(text)
    code = re.sub(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', lambda m: re.sub(r'[^\n]', ' ', m.group(0)), code, flags=re.M)
    index = 0
    while (index := code.find('{', index)) >= 0:
        end = closing(code, index, '{}')
        before = code[:index].rstrip()
        if before.endswith(')'):
            depth, i = 0, len(before) - 1
            while i >= 0:
                depth += (before[i] == ')') - (before[i] == '(')
                if depth == 0:
                    break
                i -= 1
            name = re.search(r'(\w+)\s*$', before[:max(i, 0)])
            if name:
                line = line_of(code, name.start())
                yield Function(name.group(1), line, line_of(code, end) - line + 1, index,
                               code[index:end + 1])
        index = end + 1


def plant(root: Path, files: Dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')


def prove(check: Check, cases: List[Case]) -> List[str]:
    """Runs the check on made-up trees. A case's text must be in the only finding; "" wants none."""
    faults = []
    for number, (files, want) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory(prefix='nixie-lint-') as folder:
            plant(Path(folder), files)
            found = [str(f) for f in check(Path(folder))]
        if bool(want) != (len(found) == 1) or (want and want not in found[0]) or (not want and found):
            faults.append('self-test %d: wanted %s, got %s' % (number, repr(want) if want else 'no finding', found))
    return faults


def finish(findings: List[Finding], done: str) -> int:
    for finding in findings:
        print(finding)
    print('%s: %s' % (done, 'nothing found' if not findings else '%d to mend' % len(findings)))
    return 1 if findings else 0


def run(check: Check, cases: List[Case], done: str) -> int:
    """The main program of a check: ROOT is the one argument."""
    faults = prove(check, cases)
    if faults:
        print('\n'.join(faults))
        print('the check itself is broken; the tree was not looked at')
        return 1
    if len(sys.argv) != 2:
        print('usage: %s ROOT' % sys.argv[0])
        return 2
    return finish(check(Path(sys.argv[1])), '%s (%d self-tests passed)' % (done, len(cases)))
