%needs test -r /proc/$$/task/$$/children
A crash of the process that reads the mail is 75 with a line on stderr: the parent waits and touches no mail. The child
is held at the database's lock and killed there.

  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >bounce.eml
  $ nixie list add news
  $ cat >kill.py <<'END'
  > import os, signal, sqlite3, subprocess, sys, time
  > lock = sqlite3.connect('nixie.db', isolation_level=None)
  > lock.execute('BEGIN EXCLUSIVE')
  > # A sanitizer would take the signal for itself.
  > env = dict(os.environ, ASAN_OPTIONS='handle_segv=0:' + os.environ.get('ASAN_OPTIONS', ''))
  > p = subprocess.Popen(['nixie', 'deliver'], stdin=open('bounce.eml'), env=env)
  > children = '/proc/%d/task/%d/children' % (p.pid, p.pid)
  > while True:
  >     child = open(children).read().split()
  >     if child:
  >         break
  >     time.sleep(0.01)
  > time.sleep(0.3)
  > os.kill(int(child[0]), int(sys.argv[1]))
  > print(p.wait())
  > lock.execute('ROLLBACK')
  > END
  $ python3 kill.py 11
  75
  ! nixie: the reading of this message was ended by signal 11 (Segmentation fault); keep the message and report it
  $ python3 kill.py 9
  75
  ! nixie: the reading of this message was ended by signal 9 (Killed); keep the message and report it
  $ python3 kill.py 6
  75
  ! nixie: the reading of this message was ended by signal 6 (Aborted); keep the message and report it

Nothing of it is in the database, and the next attempt records it.

  $ $CASES/dump-database nixie.db events
  events: 0 rows
  $ nixie deliver <bounce.eml && $CASES/dump-database nixie.db events | head -n 1
  events: 1 rows

It also waits for its child when it was started with SIGCHLD ignored.

  $ (trap '' CHLD; nixie deliver <bounce.eml)

A shutdown, or a filter that will not wait any longer, ends it with 75 too, whether it still reads or waits for its child.

  $ cat >end.py <<'END'
  > import signal, sqlite3, subprocess, time
  > lock = sqlite3.connect('nixie.db', isolation_level=None)
  > lock.execute('BEGIN EXCLUSIVE')
  > for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
  >     reading = subprocess.Popen(['nixie', 'deliver'], stdin=subprocess.PIPE)
  >     waiting = subprocess.Popen(['nixie', 'deliver'], stdin=open('bounce.eml'))
  >     time.sleep(0.5)
  >     for p in reading, waiting:
  >         p.send_signal(number)
  >     print(reading.wait(), waiting.wait())
  > lock.execute('ROLLBACK')
  > END
  $ python3 end.py
  75 75
  75 75
  75 75
