#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-embed.py ROOT CC…: src/rules/embed.py puts rules into the library byte by byte, and notices new files.

CC… is the compiler's command. A folder of made-up rules files goes in; a program made from the result prints them
again.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import lint  # noqa: E402

# What C strings trip over: quotes, backslashes, trigraphs, digits behind an escape, UTF-8, no last newline.
TRAPS = b'[phrase a]\ntext = "x" \\n ??/ \x01\x37 D\xc3\xb6rte\t%s\n\n# no newline at the end: \\'

PRINTER = r'''
#include <stdio.h>
#include <string.h>
#include "base/rules-data.h"
int main (int argc, char **argv)
{
	for (int i = 0; argc == 2 && nx_rules_data[i].name; i++)
		if (strcmp (nx_rules_data[i].name, argv[1]) == 0)
			fputs (nx_rules_data[i].text, stdout);
	return 0;
}
'''


def main() -> int:
    root, compiler = Path(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix='nixie-embed-') as name:
        folder = Path(name)
        rules = folder / 'rules'
        lint.plant(folder, {'printer.c': PRINTER, 'rules/empty.rules': '', 'rules/notes.txt': 'no rules',
                             'rules/inner/deep.rules': 'deep'})
        (rules / 'traps.rules').write_bytes(TRAPS)

        def embed() -> str:
            subprocess.run([sys.executable, str(root / 'src/rules/embed.py'), str(rules), '.rules',
                            'base/rules-data.h', 'nx_rules_data', str(folder / 'out.c'),
                            str(folder / 'out.d')], check=True)
            return (folder / 'out.d').read_text(encoding='utf-8')

        embed()
        (rules / 'added.rules').write_bytes(b'# added later\n')
        depends = embed()
        wanted = [str(rules), 'added.rules', 'traps.rules', 'empty.rules', str(rules / 'inner'), 'deep.rules']
        missing = [w for w in wanted if w not in depends]
        if missing or 'notes.txt' in depends:
            print('src/rules/embed.py:1: the depfile should name the folder and its rules files alone: %s' % depends)
            return 1
        flags = subprocess.run(['pkg-config', '--cflags', 'glib-2.0'], capture_output=True, text=True, check=True).stdout
        subprocess.run(compiler + ['-std=c17', '-w', '-I' + str(root / 'src'), '-I' + str(root / 'include')] +
                       flags.split() + [str(folder / 'out.c'), str(folder / 'printer.c'), '-o', str(folder / 'printer')],
                       check=True)
        for file in sorted(rules.rglob('*.rules')):
            got = subprocess.run([str(folder / 'printer'), str(file.relative_to(rules))], capture_output=True, check=True).stdout
            if got != file.read_bytes():
                print('src/rules/embed.py:1: %s changed on its way: %r' % (file.name, got))
                return 1
    print('4 rules files came through unchanged; the depfile names each')
    return 0


if __name__ == '__main__':
    sys.exit(main())
