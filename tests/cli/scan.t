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

The second time, all is known, and no table but that of the runs changes.

  $ $CASES/dump-database nixie.db >before
  $ nixie scan --quiet in
  $ nixie scan in/folder in/Maildir in/archive.mbox | sed -n 3p
  7 events: 0 new, 7 known before
  $ cat in/archive.mbox | nixie scan - | sed -n 1,3p
  Read 3 messages: 3 reports, 0 other mails; SIZE in TIME.

  3 events: 0 new, 3 known before
  $ $CASES/dump-database nixie.db | cmp before -
  $ $CASES/dump-database nixie.db runs | wc -l
  5

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

  $ nixie scan --progress=plain in | head -n 0
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
