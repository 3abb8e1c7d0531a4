Whatever is given as a mail: no crash, no hang, and the others are read.

%needs test "$(id -u)" -ne 0 || command -v setpriv
%mask in \d+\.\d s\. => in TIME.
  $ nixie list add news
  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >bounce.eml
  $ cat >each.sh <<'END'
  > try () { "$@" >out 2>err; status=$?; cat err | head -n 3; echo "$status"; }
  > # A file.
  > try nixie check $1; try nixie scan $1; try nixie check --json $1
  > # The same by stdin.
  > nixie deliver <$1; echo $?
  > nixie scan - <$1 >/dev/null; echo $?
  > END

An empty file; noise; a folder without mails.

  $ touch empty; sh each.sh empty
  0
  0
  0
  0
  0
  $ head -c 2000000 /dev/urandom >noise; sh each.sh noise
  0
  0
  0
  0
  0
  $ mkdir folder; nixie check folder; nixie scan folder | head -n 1
  Read 0 messages: 0 reports, 0 other mails; 0 bytes in TIME.

A device that has no end.

  $ nixie check /dev/urandom | tail -n 1
    benign     not a report
  $ nixie scan -q /dev/zero
  $ nixie check /dev/full >/dev/null
  $ nixie check /dev/null
  $ head -c 100000000 /dev/zero | nixie deliver

A mail cut at many places: always an answer, never a failure.

  $ cat >cut.sh <<'END'
  > for at in $(seq 1 13 $(wc -c <bounce.eml)); do
  >   head -c $at bounce.eml | nixie check --json || echo "$at: $?"
  >   head -c $at bounce.eml | nixie deliver || echo "$at: $?"
  > done
  > END
  $ sh cut.sh | grep -c '"kind":"none"'
  29
  $ sh cut.sh | grep -v '^{'
  [1]

No permission.

  $ mkdir no; cp bounce.eml no/yes.eml; cp bounce.eml no/secret.eml; chmod 0 no/secret.eml; chmod 755 .
  $ cat >as.sh <<'END'
  > if [ "$(id -u)" -eq 0 ]; then exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; else exec "$@"; fi
  > END
  $ sh as.sh nixie check no/secret.eml
  ! nixie: no/secret.eml: Permission denied
  [66]
  $ sh as.sh nixie check no | head -n 2
  no/yes.eml:0  2020-01-10  <218393753@mx.example.net>
    permanent  user-unknown    550 5.1.1    reader@example.com
  ! nixie: no/secret.eml: Permission denied
  $ mkdir locked; chmod 555 locked; sh as.sh nixie scan -q --database locked/x.db bounce.eml
  ! nixie: $DIR/locked/x.db: the database cannot be made: Permission denied
  [73]
  $ sh as.sh nixie deliver --database locked/x.db <bounce.eml
  ! nixie: $DIR/locked/x.db: the database cannot be made: Permission denied
  [75]

A database that is none.

  $ nixie why reader@example.com --database bounce.eml
  ! nixie: $DIR/bounce.eml: file is not a database; it is not a SQLite database; give another --database or move it away
  [73]
  $ nixie scan -q --database . bounce.eml
  ! nixie: $DIR: is a folder; name a database file
  [73]
  $ nixie scan -q --database /dev/null bounce.eml
  ! nixie: /dev/null: is no regular file; name a database file
  [73]
  $ nixie list --database postgresql://host/db
  ! nixie: postgresql://host/db: no database of this kind; give a path, or sqlite:PATH (a file whose name has a colon: ./NAME)
  ! Try "nixie list --help".
  [64]
  $ python3 -c "import sqlite3; c = sqlite3.connect('foreign.db'); c.execute('CREATE TABLE t (x)'); c.commit()"
  $ nixie list add news --database foreign.db
  ! nixie: $DIR/foreign.db: is the database of another program; give another --database or move it away
  [73]
  $ head -c 2000 nixie.db >cut.db; nixie list --database cut.db
  ! nixie: $DIR/cut.db: database disk image is malformed; restore it from a backup, or save what is left with sqlite3's “.recover”
  [73]

A disk that is full: 75 from deliver, so that the mail is kept; 73 from scan. Afterwards all is well again.

  $ seq 300 | sed 's/.*/r&@example.com/' >r.csv
  $ (ulimit -f 8; nixie deliver --database small.db <bounce.eml)
  ! nixie: $DIR/small.db: disk I/O error (File too large); look at the disk (space, quota, file size limit, health) and run this again
  [75]
  $ (ulimit -f 8; nixie scan -q --database small.db bounce.eml)
  ! nixie: $DIR/small.db: disk I/O error (File too large); look at the disk (space, quota, file size limit, health) and run this again
  [73]
  $ (ulimit -f 8; nixie subscriber import r.csv)
  ! nixie: $DIR/nixie.db: disk I/O error (File too large); look at the disk (space, quota, file size limit, health) and run this again
  [73]
  $ nixie deliver --database small.db <bounce.eml && $CASES/dump-database small.db events | head -n 1
  events: 1 rows
