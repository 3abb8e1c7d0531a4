#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-banned.py ROOT: calls that have no place in src/, and SQL that is glued together.

One row of BANNED a rule: where it holds, what is looked for in the code (comments and strings do not count), why
not, and what to use. Values reach SQL by sqlite3_bind_*() alone: a printf that makes a statement is an injection that
waits for its mail.
"""
import re
import sys
from pathlib import Path
from typing import List, NamedTuple

sys.dont_write_bytecode = True
import lint  # noqa: E402
from lint import Finding  # noqa: E402

EVERYWHERE = ''
LIBRARY = '^src/(?!cli/|rules/)'  # rules/ holds programs of the build
PURE = '^src/(smtp|mime|report|verdict|identity|policy)/'


class Ban(NamedTuple):
    where: str
    names: str
    why: str
    instead: str


BANNED = [
    Ban(EVERYWHERE, 'sprintf vsprintf strcpy strcat gets stpcpy', 'writes without knowing how much fits',
        'g_strdup_printf(), g_strlcpy(), GString'),
    Ban(EVERYWHERE, 'strncpy strncat', 'may leave the text without its end', 'g_strlcpy(), g_strndup()'),
    Ban(EVERYWHERE, 'atoi atol atoll atof', 'cannot tell 0 from nonsense, undefined beyond the range',
        'g_ascii_string_to_unsigned(), g_ascii_strtoull() with its end pointer'),
    Ban(EVERYWHERE, 'sscanf scanf fscanf', 'overflows numbers silently', 'a parser that looks at each byte'),
    Ban(EVERYWHERE, 'system popen g_spawn_command_line_sync g_spawn_command_line_async', 'gives a mail\'s text to a shell',
        'g_spawn_async_with_pipes() with an argument vector'),
    Ban(EVERYWHERE, 'strtok alloca g_alloca g_newa tmpnam mktemp tempnam', 'hidden state, the stack, or a race',
        'g_strsplit(), g_malloc(), g_file_open_tmp()'),
    Ban(EVERYWHERE, 'tolower toupper isalpha isalnum isdigit isspace isupper islower isxdigit ispunct iscntrl isprint',
        'depends on the locale, undefined for bytes above 127', 'g_ascii_*()'),
    Ban(EVERYWHERE, 'malloc calloc realloc strdup strndup', 'may fail, and free() and g_free() must not be mixed',
        'g_new(), g_malloc(), g_strdup(), g_strndup()'),
    Ban(LIBRARY, 'printf puts putchar fprintf fputs perror vprintf vfprintf g_print g_printerr',
        'the library never prints', 'return it; the caller prints'),
    Ban(LIBRARY, 'g_message g_info g_warning g_critical g_log', 'the library never logs above debug',
        'GError, a defect of the report, or g_debug()'),
    Ban(LIBRARY, 'exit _exit _Exit abort quick_exit', 'the library never ends its caller', 'GError'),
    Ban(LIBRARY, 'getenv g_getenv g_get_user_config_dir g_get_user_data_dir g_get_home_dir setlocale',
        'the library reads nothing of the user\'s surroundings', 'let the caller pass it in'),
    Ban(PURE, 'time gettimeofday clock_gettime g_get_real_time g_get_monotonic_time g_date_time_new_now_utc '
              'g_date_time_new_now_local', 'this room has no clock: the same bytes give the same answer on any day',
        'pass the time in'),
    Ban(PURE, 'fopen open openat g_fopen g_open g_file_get_contents g_mapped_file_new', 'this room does no I/O',
        'let source/ or the caller read'),
]

SQL_CALL = re.compile(r'\bsqlite3_(?:exec|prepare(?:_v[23])?|prepare16\w*)\s*\(')
FORMATTERS = (r'\b(?:g_strdup_v?printf|g_string_(?:append_)?v?printf|g_strconcat|g_strjoin|g_snprintf|snprintf'
              r'|sqlite3_v?s?n?m?printf|sqlite3_str_appendf)\s*\(')
SQL_WORDS = re.compile(r'"\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|ATTACH|PRAGMA|WITH|VALUES|WHERE|AND)'
                       r'\s[^"]*%')


def find_glued_sql(name: str, text: str) -> List[Finding]:
    cure = 'a fixed statement with ?1, ?2 … and sqlite3_bind_*()'
    findings = {}
    code = lint.strip(text)
    literal = lint.strip(text, strings=False)
    for call in re.finditer(FORMATTERS, code):
        arguments = literal[call.start():lint.closing(code, call.end() - 1) + 1]
        if SQL_WORDS.search(arguments):
            line = lint.line_of(code, call.start())
            findings[line] = Finding(name, line, 'SQL made by a format', cure)
    for function in lint.functions(text):
        for call in SQL_CALL.finditer(function.body):
            end = lint.closing(function.body, call.end() - 1)
            arguments = function.body[call.end():end]
            made = re.search(FORMATTERS, arguments)
            for word in set(re.findall(r'\b[a-z_]\w*\b', arguments)):
                made = made or re.search(r'\b%s\s*=\s*%s' % (word, FORMATTERS), function.body)
                made = made or re.search(FORMATTERS + r'\s*&?%s\b' % word, function.body)
            if made:
                line = lint.line_of(code, function.start + call.start())
                findings.setdefault(line, Finding(name, line, 'a statement that was put together at run time', cure))
    return list(findings.values())


def check(root: Path) -> List[Finding]:
    findings = []
    for path in lint.c_files(root, 'src', 'include'):
        name = str(path.relative_to(root))
        text = lint.read(path)
        code = lint.strip(text)
        for found in re.finditer(r'\bgoto\b', code):
            findings.append(Finding(name, lint.line_of(code, found.start()), 'goto',
                                    'return early; g_autoptr and g_autofree clean up'))
        for ban in BANNED:
            if not re.search(ban.where, name):
                continue
            for found in re.finditer(r'(?<![\w.>])(%s)\s*\(' % '|'.join(ban.names.split()), code):
                findings.append(Finding(name, lint.line_of(code, found.start()),
                                        '%s() %s' % (found.group(1), ban.why), ban.instead))
        findings += find_glued_sql(name, text)
    return findings


def body(*lines: str) -> str:
    return 'static void\nf (void)\n{\n\t%s\n}\n' % '\n\t'.join(lines)


CASES = [
    ({'src/base/a.c': body('g_strlcpy (a, b, 3);', '/* strcpy (a, b) */', 'x = "system (1)";')}, ''),
    ({'src/base/a.c': body('strcpy (a, b);')}, 'src/base/a.c:4: strcpy()'),
    ({'src/cli/a.c': body('int x;', 'system (a);')}, 'src/cli/a.c:5: system()'),
    ({'src/base/a.c': body('goto out;')}, 'src/base/a.c:4: goto'),
    ({'src/base/a.c': body('exit (1);')}, 'exit() the library never ends'),
    ({'src/cli/main.c': body('exit (1);', 'g_print ("x");')}, ''),
    ({'src/policy/a.c': body('now = time (NULL);')}, 'this room has no clock'),
    ({'src/source/a.c': body('x = message->time (1);', 'y = open (a);')}, ''),
    ({'src/store/a.c': body('sql = g_strdup_printf ("SELECT * FROM t WHERE a = \'%s\'", a);')}, 'SQL made by a format'),
    ({'src/store/a.c': body('sql = g_strconcat (a, b, NULL);', 'sqlite3_exec (db, sql, NULL, NULL, NULL);')},
     'src/store/a.c:5: a statement that was put together'),
    ({'src/store/a.c': body('g_string_append_printf (sql, "%s", a);', 'sqlite3_prepare_v2 (db, sql->str, -1, &s, NULL);')},
     'src/store/a.c:5: a statement that was put together'),
    ({'src/store/a.c': body('sqlite3_prepare_v2 (db, "SELECT a FROM t WHERE b LIKE \'%\'", -1, &s, NULL);',
                            'm = g_strdup_printf ("cannot read %s", path);')}, ''),
]

if __name__ == '__main__':
    sys.exit(lint.run(check, CASES, 'banned calls'))
