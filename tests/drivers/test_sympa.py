#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_sympa.py NIXIE-DRIVER sqlite|postgresql: the driver sympa on Sympa's tables. Writes TAP.

The tables are made from Sympa's own description of them (Sympa::DatabaseDescription) when Sympa is installed, or NX_SYMPA
names the folder of its modules; else from the columns that are used, as they are in Sympa 6.2.70. PostgreSQL is a server of its
own, in a folder, with no port.
"""
import glob
import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from harness import Driver, Failure, main, skip_all, want, want_in

MODULES = os.environ.get('NX_SYMPA') or '/usr/share/sympa/lib'
# Name, type as Sympa writes it, not null, in the primary key.
COLUMNS = {
    'subscriber_table': [
        ('user_subscriber', 'varchar(100)', 1, 1), ('list_subscriber', 'varchar(50)', 1, 1),
        ('robot_subscriber', 'varchar(80)', 1, 1), ('reception_subscriber', 'varchar(20)', 0, 0),
        ('suspend_subscriber', 'int(1)', 0, 0), ('suspend_start_date_subscriber', 'int(11)', 0, 0),
        ('suspend_end_date_subscriber', 'int(11)', 0, 0), ('bounce_subscriber', 'varchar(35)', 0, 0),
        ('bounce_score_subscriber', 'smallint(6)', 0, 0), ('bounce_address_subscriber', 'varchar(100)', 0, 0),
        ('date_epoch_subscriber', 'int(11)', 1, 0), ('update_epoch_subscriber', 'int(11)', 0, 0),
        ('inclusion_subscriber', 'int(11)', 0, 0), ('inclusion_ext_subscriber', 'int(11)', 0, 0),
        ('inclusion_label_subscriber', 'varchar(50)', 0, 0), ('comment_subscriber', 'varchar(150)', 0, 0),
        ('number_messages_subscriber', 'int(5)', 1, 0), ('visibility_subscriber', 'varchar(20)', 0, 0),
        ('subscribed_subscriber', 'int(1)', 0, 0)],
    'user_table': [('email_user', 'varchar(100)', 1, 1), ('gecos_user', 'varchar(150)', 0, 0)],
    'exclusion_table': [
        ('list_exclusion', 'varchar(57)', 1, 1), ('robot_exclusion', 'varchar(80)', 1, 1),
        ('user_exclusion', 'varchar(100)', 1, 1), ('family_exclusion', 'varchar(50)', 0, 1),
        ('date_exclusion', 'int(11)', 0, 0)],
}
DESCRIBE = '''my %h = Sympa::DatabaseDescription::full_db_struct();
for my $t (qw(subscriber_table user_table exclusion_table)) { my $f = $h{$t}{fields};
  print join("\\t", $t, $_, $f->{$_}{struct}, $f->{$_}{not_null} || 0, $f->{$_}{primary} || 0), "\\n" for sort keys %$f }
print STDERR Sympa::Constants::VERSION();'''


def read_columns():
    """(columns, where they are from)"""
    if not os.path.exists(MODULES + '/Sympa/DatabaseDescription.pm') or not shutil.which('perl'):
        return COLUMNS, 'the columns that are used'
    done = subprocess.run(['perl', '-I' + MODULES, '-MSympa::DatabaseDescription', '-e', DESCRIBE], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=True)
    columns = {}
    for line in done.stdout.splitlines():
        table, name, kind, not_null, primary = line.split('\t')
        columns.setdefault(table, []).append((name, kind, int(not_null), int(primary)))
    return columns, 'Sympa ' + done.stderr


def make_schema():
    """Types as Sympa translates them: both databases take these names."""
    columns, where = read_columns()
    statements = []
    for table, fields in columns.items():
        parts = ['%s %s%s' % (name, 'integer' if 'int' in kind else kind, ' NOT NULL' if not_null else '')
                 for name, kind, not_null, _ in fields]
        parts.append('PRIMARY KEY (%s)' % ', '.join(name for name, _, _, primary in fields if primary))
        statements.append('CREATE TABLE %s (%s)' % (table, ', '.join(parts)))
    return statements, where


class Sqlite:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='nx-sympa-')
        self.path = self.folder + '/sympa.db'
        self.options = ['--database', 'sqlite:' + self.path]

    def query(self, statement):
        with sqlite3.connect(self.path) as database:
            return [tuple(None if value is None else str(value) for value in row) for row in database.execute(statement)]

    def close(self):
        shutil.rmtree(self.folder)


class Postgres:
    def __init__(self, programs):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix='nx-sympa-', dir='/tmp')
        self.user = {}
        if os.getuid() == 0:
            # PostgreSQL refuses to run as root.
            one = next(pwd.getpwnam(name) for name in ('postgres', 'nobody') if name in [p.pw_name for p in pwd.getpwall()])
            os.chown(self.folder, one.pw_uid, one.pw_gid)
            self.user = {'user': one.pw_uid, 'group': one.pw_gid}
        data = self.folder + '/data'
        self.call('initdb', '-D', data, '-U', 'sympa', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N')
        self.call('pg_ctl', '-D', data, '-w', '-l', self.folder + '/log', '-o',
                  "-c listen_addresses='' -c fsync=off -k %s" % self.folder, 'start')
        self.options = ['--database', 'host=%s user=sympa dbname=postgres' % self.folder]

    def call(self, name, *words):
        done = subprocess.run([self.programs + '/' + name, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, cwd=self.folder, **self.user)
        if done.returncode:
            raise Failure('%s: %s' % (name, done.stderr))

    def query(self, statement):
        done = subprocess.run([self.programs + '/psql', '-h', self.folder, '-U', 'sympa', '-qAtX', '-F', '\t', '-P',
                               'null=NULL', '-v', 'ON_ERROR_STOP=1', '-c', statement, 'postgres'], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise Failure(done.stderr)
        return [tuple(None if value == 'NULL' else value for value in line.split('\t')) for line in done.stdout.splitlines()]

    def close(self):
        self.call('pg_ctl', '-D', self.folder + '/data', '-m', 'immediate', 'stop')
        shutil.rmtree(self.folder)


READERS = [('ann@example.com', 'Ann A', None), ('bob@example.com', None, None), ('inc@example.com', 'Inc', 1700000000)]


def fill(database):
    for table in ('subscriber_table', 'user_table', 'exclusion_table'):
        database.query('DELETE FROM ' + table)
    for who, name, inclusion in READERS:
        database.query("INSERT INTO user_table (email_user) VALUES ('%s')" % who)
        for where in ('news', 'talk'):
            database.query(
                "INSERT INTO subscriber_table (user_subscriber, list_subscriber, robot_subscriber, reception_subscriber,"
                " comment_subscriber, date_epoch_subscriber, number_messages_subscriber, inclusion_subscriber,"
                " subscribed_subscriber, bounce_subscriber, bounce_score_subscriber) VALUES ('%s', '%s', 'lists.example.org',"
                " 'mail', %s, 1600000000, 5, %s, 1, '1600000000 1600000000 3 5.1.1', 12)" %
                (who, where, "'%s'" % name if name else 'NULL', inclusion or 'NULL'))


def start(database, program):
    fill(database)
    return Driver(program, 'sympa', *database.options, '--list', 'news', '--robot', 'lists.example.org')


def row(database, who, fields, where='news'):
    rows = database.query("SELECT %s FROM subscriber_table WHERE user_subscriber = '%s' AND list_subscriber = '%s'" %
                          (fields, who, where))
    return rows[0] if rows else None


SUSPENSION = 'suspend_subscriber, suspend_start_date_subscriber, suspend_end_date_subscriber, bounce_subscriber'


def test_actions(program, database, folder):
    driver = start(database, program)
    driver.twice('suspend', 'Ann@Example.com')
    want(row(database, 'ann@example.com', SUSPENSION), ('1', '1768564800', '2147483646', '1600000000 1600000000 3 5.1.1'))
    want(driver.members(), {'ann@example.com': 'by_bounces', 'bob@example.com': 'enabled', 'inc@example.com': 'enabled'})
    driver.twice('move', 'ann@example.net', 'ann@example.com')
    want(row(database, 'ann@example.net', SUSPENSION), ('1', '1768564800', '2147483646', None), 'suspended at the new one')
    want(row(database, 'ann@example.net', 'comment_subscriber, number_messages_subscriber'), ('Ann A', '5'))
    driver.twice('restore', 'ann@example.net')
    want(row(database, 'ann@example.net', SUSPENSION), ('0', None, None, None))
    driver.twice('remove', 'bob@example.com')
    want(row(database, 'bob@example.com', '1'), None)
    want(database.query('SELECT user_exclusion FROM exclusion_table'), [], 'who was subscribed is not excluded')
    driver.twice('add', 'bob@example.com')
    want(row(database, 'bob@example.com', 'subscribed_subscriber, inclusion_subscriber, reception_subscriber'),
         ('1', None, 'mail'))
    driver.twice('move', 'bob@example.com', 'ann@example.net')
    want(driver.members(), {'bob@example.com': 'enabled', 'inc@example.com': 'enabled'})
    want(len(database.query("SELECT 1 FROM subscriber_table WHERE list_subscriber = 'talk'")), 3, 'another list')
    want(database.query("SELECT count(*) FROM user_table WHERE email_user = 'ann@example.net'"), [('1',)], 'user_table')


def test_included_members(program, database, folder):
    driver = start(database, program)
    driver.twice('remove', 'inc@example.com')
    excluded = "SELECT list_exclusion, robot_exclusion, user_exclusion FROM exclusion_table"
    want(database.query(excluded), [('news', 'lists.example.org', 'inc@example.com')])
    driver.twice('add', 'inc@example.com')
    want(database.query(excluded), [])
    fill(database)
    driver.twice('move', 'new@example.net', 'inc@example.com')
    want(database.query(excluded), [('news', 'lists.example.org', 'inc@example.com')], 'the old address')
    want(row(database, 'new@example.net', 'inclusion_subscriber, subscribed_subscriber'), (None, '1'))


def test_what_a_reader_suspended_stays(program, database, folder):
    driver = start(database, program)
    database.query("UPDATE subscriber_table SET suspend_subscriber = 1, suspend_start_date_subscriber = 1700000000"
                   " WHERE user_subscriber = 'bob@example.com'")
    for action in ('suspend', 'restore', 'add'):
        want_in('nothing to do', driver.hook(action, 'bob@example.com').stdout)
        want(row(database, 'bob@example.com', SUSPENSION)[:3], ('1', '1700000000', None), action)
    want(driver.members()['bob@example.com'], 'by_user')


def test_values_are_bound(program, database, folder):
    driver = start(database, program)
    for address in ("o'b@example.com", "x'or'1'='1@example.com", '"$1;--"@example.com'):
        driver.twice('add', address)
        driver.twice('suspend', address)
        driver.twice('remove', address)
    want(len(driver.members()), 3)


def test_killed(program, database, folder):
    driver = start(database, program)
    got = driver.kill_and_repeat('move', 'new@example.net', 'inc@example.com', state=lambda: fill(database), tries=10)
    want(got, {'ann@example.com': 'enabled', 'bob@example.com': 'enabled', 'new@example.net': 'enabled'})


def test_what_is_wrong(program, database, folder):
    want_in('--robot is missing', Driver(program, 'sympa', *database.options, '--list', 'news').run('import', status=78).stderr)
    where = ['--list', 'news', '--robot', 'x']
    failed = Driver(program, 'sympa', '--database', 'sqlite:%s/none' % folder, *where).run('import', status=78)
    want_in('see --database', failed.stderr)
    failed = Driver(program, 'sympa', '--database', 'host=%s dbname=x' % folder, *where).run('import', status=75)
    want_in('see --database', failed.stderr)


def test_locked_database(program, database, folder):
    driver = start(database, program)
    if isinstance(database, Postgres):
        return
    with sqlite3.connect(database.path, isolation_level=None) as other:
        other.execute('BEGIN IMMEDIATE')
        child = subprocess.Popen(driver.words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=driver.environment)
        child.stdin.write(b'{"action":"remove","address":"ann@example.com"}')
        child.stdin.close()
        try:
            child.wait(0.5)
            raise Failure('it did not wait')
        except subprocess.TimeoutExpired:
            other.execute('COMMIT')
        want(child.wait(30), 0)
    want(row(database, 'ann@example.com', '1'), None)


def open_database(kind):
    if kind == 'sqlite':
        return Sqlite()
    found = sorted(glob.glob('/usr/lib/postgresql/*/bin/initdb')) or [shutil.which('initdb')]
    if not found[-1]:
        skip_all('PostgreSQL is not installed (Debian: apt-get install postgresql)')
    return Postgres(os.path.dirname(found[-1]))


if __name__ == '__main__':
    SITE = open_database(sys.argv[2])
    try:
        STATEMENTS, FROM = make_schema()
        print('# tables: ' + FROM)
        for one in STATEMENTS:
            SITE.query(one)
        STATUS = main(sys.modules[__name__], sys.argv[1], SITE)
    finally:
        SITE.close()
    sys.exit(STATUS)
