scan: archives to the database. Times and rates are masked.

%mask in \d+\.\d s\. => in TIME.
%mask \d[\d,.]*/s => RATE/s
%mask ; \d+\.\d kB => ; SIZE
%mask , \d+\.\d kB => , SIZE

An mbox, a Maildir, a single message and a folder of them.

  $ mkdir -p in/Maildir/cur in/Maildir/new in/Maildir/tmp in/folder
  $ for day in 10 11 12; do
  >   echo "From MAILER-DAEMON Fri Jan $day 12:00:00 2020"
  >   $CASES/make-bounce dead@example.com "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy'
  >   echo
  > done >in/archive.mbox
  $ $CASES/make-bounce full@example.com '10 Jan 2020' failed 4.2.2 '452 4.2.2 xyzzy' >in/Maildir/cur/1:2,S
  $ $CASES/make-bounce refused@example.com '10 Jan 2020' failed 5.7.1 '550 5.7.1 xyzzy' >in/Maildir/new/2
  $ $CASES/make-bounce well@example.com '10 Jan 2020' delivered 2.1.5 '250 2.1.5 xyzzy' >in/folder/1.eml
  $ $CASES/make-bounce moved@example.com '10 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.com>' >in/folder/2.eml
  $ printf 'From: a@b.example\nSubject: hello\n\nHow are you?\n' >in/folder/letter.eml
  $ nixie list add news news@lists.example.org
  $ printf '%s\n' dead full refused well moved | sed 's/$/@example.com/' | nixie subscriber import -
  news: 5 added, 0 there before, 0 bad lines

Counting first: --dry-run opens no database.

  $ nixie scan --dry-run --database /nowhere/x.db in
  Read 8 messages: 7 reports, 1 other mail; SIZE in TIME.

  7 events; nothing was recorded (--dry-run)
    permanent           4  user-unknown 3, moved 1
    transient           1  mailbox-full 1
    blocked             1  policy 1
    benign              1  accepted 1
  $ nixie scan in
  Read 8 messages: 7 reports, 1 other mail; SIZE in TIME.

  7 events: 7 new, 0 known before
    permanent           4  user-unknown 3, moved 1
    transient           1  mailbox-full 1
    blocked             1  policy 1
    benign              1  accepted 1

  Subscribers  4 active, 1 suspended (+1), 0 removed
  Forwarding   1 proposal open (+1)
  Database     $DIR/nixie.db
  Next         nixie why ADDRESS    what was held against a subscriber
               nixie forward list   the new addresses that were offered
  $ nixie subscriber
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-12  news  dead@example.com
  active      0.00  -           news  full@example.com
  active      0.00  -           news  moved@example.com
  active      0.00  -           news  refused@example.com
  active      0.00  -           news  well@example.com

The second time, all is passed over, and with --again all is known: no table but that of the runs changes.

  $ $CASES/dump-database nixie.db >before
  $ nixie scan --quiet in
  $ nixie scan in | grep -v '^  *[ptb][erl]'
  Read 0 messages: 0 reports, 0 other mails; 0 bytes in TIME.

  0 events: 0 new, 0 known before

  Passed over  5.1 kB that a scan has read before (--again reads all)
  Subscribers  4 active, 1 suspended, 0 removed
  Forwarding   1 proposal open
  Database     $DIR/nixie.db
  Next         nixie why ADDRESS    what was held against a subscriber
               nixie forward list   the new addresses that were offered
  $ nixie scan --again in/folder in/Maildir in/archive.mbox | sed -n 3p
  7 events: 0 new, 7 known before
  $ cat in/archive.mbox | nixie scan - | sed -n 1,3p
  Read 3 messages: 3 reports, 0 other mails; SIZE in TIME.

  3 events: 0 new, 3 known before
  $ $CASES/dump-database nixie.db | cmp before -
  $ $CASES/dump-database nixie.db runs | wc -l
  6

Another database, read in another order, says the same of every subscriber.

  $ nixie list add news news@lists.example.org --database other.db
  $ nixie subscriber export | nixie -q subscriber import - --database other.db
  $ nixie scan -q --database other.db in/folder in/archive.mbox in/Maildir
  $ nixie subscriber export >a; nixie subscriber export --database other.db >b; cmp a b

An input that cannot be read is reported; the others go on.

  $ nixie scan --database third.db nosuch.mbox in/folder nosuch.d
  Read 3 messages: 2 reports, 1 other mail; SIZE in TIME.

  2 events: 2 new, 0 known before
    permanent           1  moved 1
    transient           0
    blocked             0
    benign              1  accepted 1

  Unreadable   2
  Subscribers  0 active, 0 suspended, 0 removed
  Forwarding   1 proposal open (+1)
  Database     third.db
  Next         nixie list add NAME, nixie subscriber import FILE, and scan again:
               no list is known yet, so the events are nobody's
  ! nixie: nosuch.mbox: No such file or directory
  ! nixie: nosuch.d: No such file or directory
  [66]
  $ nixie scan --database third.db --quiet nosuch.mbox
  ! nixie: nosuch.mbox: No such file or directory
  [66]

Progress as lines.

  $ nixie scan --again --progress=plain in | head -n 0
  ! nixie: 100%  8 messages, SIZE, RATE/s; permanent 4, transient 1, blocked 1, benign 1

The bar is drawn on one line, which is empty again in the end; on a terminal that is the default.

  $ (cat in/archive.mbox; sleep 0.3; cat in/archive.mbox) | nixie scan --progress=bar - 2>bar >/dev/null
  $ tr '\r' '\n' <bar | sed -n '2s/^[0-9]* m.*/drawn/p'; tail -c 4 bar | od -An -c; wc -l <bar
  drawn
    \r 033   [   K
  0
  $ python3 -c 'import pty; pty.spawn(["sh", "-c", "(cat in/archive.mbox; sleep 0.3; cat in/archive.mbox) | nixie scan -"])' >tty
  $ tr '\r' '\n' <tty | sed -n '2s/^[0-9]* m.*/drawn/p'; grep -c '^Next' tty
  drawn
  1
  $ python3 -c 'import pty; pty.spawn(["sh", "-c", "nixie scan --quiet in"])'

A list that is not there.

  $ nixie scan --list nwes in
  ! nixie: there is no list "nwes"; did you mean "news"?
  [66]

A report without any date has its file's.

  $ $CASES/make-bounce undated@example.com X failed 5.1.1 '550 5.1.1 xyzzy' | grep -v ^Date: >undated.eml
  $ touch -d 2020-02-03T04:05:06Z undated.eml
  $ nixie scan -q undated.eml && nixie why undated@example.com
  undated@example.com

  No subscriber of any list. Reports on this address:

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-02-03  permanent  user-unknown    550 5.1.1   original       -   0.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2

New files of a folder are read, known ones passed over; a Maildir's message is known whatever becomes of its flags.

  $ nixie list add news --database more.db; printf '%s\n' dead full new2 | sed 's/$/@example.com/' | nixie -q subscriber import - --database more.db
  $ cat >count <<'END'
  > python3 -c "import sqlite3; print(*sqlite3.connect('more.db').execute('SELECT messages, events FROM runs ORDER BY id DESC LIMIT 1').fetchone())"
  > END
  $ nixie scan -q --database more.db in; sh count
  8 7
  $ mv in/Maildir/new/2 in/Maildir/cur/2:2,RS; mv in/Maildir/cur/1:2,S in/Maildir/cur/1:2,FS
  $ $CASES/make-bounce new@example.com '11 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >in/Maildir/new/0
  $ $CASES/make-bounce new2@example.com '11 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >in/folder/0.eml
  $ nixie scan -q --database more.db in; sh count
  2 2
  $ nixie scan -q --database more.db in in ./in; sh count
  0 0

An mbox that has grown is read from where it ended; another one of the same name from its beginning.

  $ (echo 'From MAILER-DAEMON Fri Jan 13 12:00:00 2020'; $CASES/make-bounce dead@example.com '13 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy'; echo) >>in/archive.mbox
  $ nixie scan -q --database more.db in/archive.mbox; sh count
  1 1
  $ (echo 'From MAILER-DAEMON Fri Jan 13 12:00:00 2021'; $CASES/make-bounce dead@example.com '13 Jan 2021' failed 5.1.1 '550 5.1.1 xyzzy'; echo; cat in/archive.mbox) >rotated; mv rotated in/archive.mbox
  $ nixie scan -q --database more.db in/archive.mbox; sh count
  5 5

What decides about recording is part of what is remembered: another list, a list that is new or has its first
subscribers, another time.

  $ nixie list add other --database more.db; nixie scan -q --database more.db in/folder; sh count
  4 3
  $ echo new2@example.com | nixie -q --list other subscriber import - --database more.db
  $ nixie scan -q --database more.db in/folder; sh count
  4 3
  $ nixie scan -q --database more.db in/folder; sh count
  0 0
  $ nixie scan -q --database more.db --list other in/folder; sh count
  4 3

Names that are no UTF-8, and what is gone is forgotten.

  $ mkdir odd; cp in/folder/1.eml "$(printf 'odd/100%%\344.eml')"; cp in/folder/2.eml odd/2.eml
  $ nixie scan -q --database more.db odd; sh count; nixie scan -q --database more.db odd; sh count
  2 2
  0 0
  $ rm -r odd; mkdir odd; nixie scan -q --database more.db odd
  $ $CASES/dump-database more.db sources | grep -c odd
  0
  [1]

Reports of one time only.

  $ for day in 10 11 12 13; do
  >   echo "From MAILER-DAEMON Fri Jan $day 12:00:00 2020"
  >   $CASES/make-bounce dead@example.com "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy'
  >   echo
  > done >days.mbox
  $ nixie list add news --database days.db
  $ nixie scan --since 2020-01-11 --until 2020-01-12 --database days.db days.mbox | sed -n '1,3p;9p'
  Read 4 messages: 4 reports, 0 other mails; SIZE in TIME.

  2 events: 2 new, 0 known before
  Left out     2 events before --since or after --until
  $ $CASES/dump-database days.db events | sed -n 1p
  events: 2 rows
  $ nixie scan --since yesterday --database days.db days.mbox
  ! nixie: "yesterday" is no date; write 2026-11-23 or 2026-11-23T14:05:00Z
  ! Try "nixie scan --help".
  [64]
  $ nixie scan -q --database days.db days.mbox; $CASES/dump-database days.db events | sed -n 1p
  events: 4 rows

--move-to: a Maildir's mails go to another one when they are recorded, as they lie; none is written over.

  $ mkdir -p box/cur box/new box/tmp
  $ for i in 1 2 3; do $CASES/make-bounce dead@example.com "1$i Feb 2020" failed 5.1.1 '550 5.1.1 xyzzy' >box/new/$i.host; done
  $ mv box/new/2.host box/cur/2.host:2,S
  $ nixie list add news --database move.db; nixie scan -q --database move.db box
  $ nixie scan -q --database move.db --dry-run --move-to done box; ls box/new; ls -d done
  1.host
  3.host
  ! ls: cannot access 'done': No such file or directory
  [2]
  $ mkdir -p done/cur done/new done/tmp; echo precious >done/new/3.host
  $ nixie scan --database move.db --move-to done box | grep -A 2 '^Passed'
  Passed over  2.1 kB that a scan has read before (--again reads all)
  Moved        2 messages
  Unreadable   1
  ! nixie: not moved, there is a mail of that name already: done/new/3.host: File exists
  $ find box done -type f | sort; cat done/new/3.host
  box/new/3.host
  done/cur/2.host:2,S
  done/new/1.host
  done/new/3.host
  precious
  $ rm done/new/3.host; nixie scan -q --database move.db --move-to done box; find box done -type f | sort
  done/cur/2.host:2,S
  done/new/1.host
  done/new/3.host
  $ $CASES/dump-database move.db sources
  sources: 0 rows
  $ $CASES/make-bounce dead@example.com '20 Feb 2020' failed 5.1.1 '550 5.1.1 xyzzy' >box/new/4.host
  $ nixie scan -q --database move.db --move-to done box; find box -type f; ls done/new
  1.host
  3.host
  4.host
  $ $CASES/dump-database move.db sources events | grep rows
  sources: 0 rows
  events: 4 rows
  $ nixie scan -q --database move.db --move-to box box
  ! nixie: --move-to is the Maildir that is read: box
  ! Try "nixie scan --help".
  [64]
  $ nixie scan -q --database move.db --move-to done days.mbox
  ! nixie: --move-to takes mails out of Maildirs only, and days.mbox is none: it has not both cur and new
  ! Try "nixie scan --help".
  [64]
  $ nixie scan -q --jobs 65 in
  ! nixie: --jobs wants a number from 1 to 64, not 65
  ! Try "nixie scan --help".
  [64]
