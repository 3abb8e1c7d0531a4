A scan that is killed goes on when it is started again, and the database is the same as without the kill.

  $ python3 - <<'END'
  > import subprocess, os
  > text = subprocess.run([os.environ['CASES'] + '/make-bounce', 'NAME@example.com', '10 Jan 2020', 'failed', '5.1.1',
  >                        '550 5.1.1 xyzzy'], stdout=subprocess.PIPE, text=True).stdout
  > with open('archive.mbox', 'w') as f:
  >     for i in range(6000):
  >         f.write('From MAILER-DAEMON Fri Jan 10 12:00:00 2020\n')
  >         f.write(text.replace('NAME', 'reader%d' % (i % 500)).replace('Message-ID: <', 'Message-ID: <%d.' % i) + '\n')
  > END
  $ nixie list add news; seq 0 499 | sed 's/.*/reader&@example.com/' | nixie -q subscriber import -
  $ cp nixie.db whole.db
  $ nixie scan -q --database whole.db archive.mbox

kill -9 in the midst of it, several times, at other moments.

  $ for wait in 0.05 0.1 0.2 0.3; do
  >   nixie scan -q archive.mbox & sleep $wait; kill -9 $!; wait $! || true
  > done 2>/dev/null
  $ nixie scan -q archive.mbox
  $ for file in whole nixie; do
  >   nixie subscriber export --database $file.db >$file.csv
  >   python3 -c "import sqlite3, sys
  > for row in sqlite3.connect(sys.argv[1]).execute('SELECT hex(key), date, verdict, rule FROM events ORDER BY 1'): print(row)" $file.db >$file.events
  > done
  $ cmp whole.csv nixie.csv && cmp whole.events nixie.events && wc -l <nixie.events
  6000

SIGTERM and SIGINT: what was read is recorded, that is said, and the next scan does the rest.

  $ head -c 100000 archive.mbox >part.mbox
  $ cat >stop.py <<'END'
  > import os, signal, sqlite3, subprocess, sys, time
  > name = sys.argv[1] + '.db'
  > data = open('part.mbox', 'rb').read()
  > p = subprocess.Popen(['nixie', 'scan', '-', '--database', name], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
  > p.stdin.write(data)
  > p.stdin.flush()
  > while True:
  >     try:
  >         if sqlite3.connect('file:%s?mode=ro' % name, uri=True).execute('SELECT * FROM runs').fetchall():
  >             break
  >     except sqlite3.OperationalError:
  >         pass
  >     time.sleep(0.05)
  > p.send_signal(getattr(signal, 'SIG' + sys.argv[1]))
  > time.sleep(0.2)
  > p.stdin.close()
  > print(p.wait())
  > END
  $ nixie scan -q part.mbox --database part.db; $CASES/dump-database part.db events | head -n 1
  events: 132 rows
  $ for signal in TERM INT; do
  >   python3 stop.py $signal; nixie scan -q part.mbox --database $signal.db
  >   $CASES/dump-database $signal.db events | head -n 1
  > done
  143
  events: 132 rows
  130
  events: 132 rows
  ! nixie: stopped; what was read is recorded; run the same command again to go on, what is known is passed over
  ! nixie: stopped; what was read is recorded; run the same command again to go on, what is known is passed over
