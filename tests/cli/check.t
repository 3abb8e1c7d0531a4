check: what would it say? No database is opened.

  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >dead.eml
  $ $CASES/make-bounce moved@example.com '10 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.com>' >moved.eml
  $ $CASES/make-bounce full@example.com '10 Jan 2020' delayed 4.2.2 '452 4.2.2 xyzzy' >delayed.eml
  $ printf 'From: a@b.example\nSubject: hello\nMessage-ID: <l@b.example>\n\nHow are you?\n' >letter.eml
  $ nixie check --database /nowhere/x.db dead.eml
  dead.eml:0  2020-01-10  <2477563668@mx.example.net>
    permanent  user-unknown    550 5.1.1    dead@example.com
  $ nixie check dead.eml moved.eml delayed.eml letter.eml
  dead.eml:0  2020-01-10  <2477563668@mx.example.net>
    permanent  user-unknown    550 5.1.1    dead@example.com
  moved.eml:0  2020-01-10  <3700561513@mx.example.net>
    permanent  moved           551 5.1.6    moved@example.com -> new@example.com
  delayed.eml:0  2020-01-10  <1117134302@mx.example.net>
    benign     mailbox-full    452 4.2.2    full@example.com
  letter.eml:0  no date  <l@b.example>
    benign     not a report

  4 messages: 3 reports, 1 other mail
    permanent           2  user-unknown 1, moved 1
    transient           0
    blocked             0
    benign              1  mailbox-full 1
  $ nixie check --verbose moved.eml | grep -v rule:
  moved.eml:0  2020-01-10  <3700561513@mx.example.net>
    permanent  moved           551 5.1.6    moved@example.com -> new@example.com
                kind: failure
                said: 551 5.1.6 please try <new@example.com>
                by:   mx.example.com
                list: news@lists.example.org
  ! nixie: configuration: $DIR/.nixie.conf
  $ nixie check --quiet dead.eml letter.eml
  dead.eml:0  2020-01-10  <2477563668@mx.example.net>
    permanent  user-unknown    550 5.1.1    dead@example.com
  letter.eml:0  no date  <l@b.example>
    benign     not a report

stdin is read when no path is given, and for "-".

  $ nixie check <dead.eml
  -:0  2020-01-10  <2477563668@mx.example.net>
    permanent  user-unknown    550 5.1.1    dead@example.com
  $ cat dead.eml | nixie check letter.eml - | grep ^-
  -:0  2020-01-10  <2477563668@mx.example.net>

JSON: one line for each message and recipient.

  $ nixie check --json dead.eml delayed.eml letter.eml
  {"file":"dead.eml","offset":0,"message_id":"<2477563668@mx.example.net>","date":"2020-01-10T12:00:00Z","kind":"failure","recipient":"dead@example.com","verdict":"permanent","reason":"user-unknown","status":"5.1.1","reply":550,"diagnostic":"550 5.1.1 xyzzy","reporting_mta":"mx.example.net","remote_mta":"mx.example.com","list":"news@lists.example.org","proof":"original","rule":"RFC 3463 3.2"}
  {"file":"delayed.eml","offset":0,"message_id":"<1117134302@mx.example.net>","date":"2020-01-10T12:00:00Z","kind":"delayed","recipient":"full@example.com","verdict":"benign","reason":"mailbox-full","status":"4.2.2","reply":452,"diagnostic":"452 4.2.2 xyzzy","reporting_mta":"mx.example.net","remote_mta":"mx.example.com","list":"news@lists.example.org","proof":"original","rule":"RFC 3464 2.3.3"}
  {"file":"letter.eml","offset":0,"message_id":"<l@b.example>","kind":"none","verdict":"benign"}
  $ nixie check --json nosuch.eml dead.eml | wc -l
  1
  ! nixie: nosuch.eml: No such file or directory
  $ nixie check --json nosuch.eml dead.eml >/dev/null
  ! nixie: nosuch.eml: No such file or directory
  [66]
  $ nixie check --json </dev/null

What a mail says does nothing to a terminal: no escape sequence, no direction mark, no line of its own.

  $ $CASES/make-bounce 'evil@example.com' '10 Jan 2020' failed 5.1.1 "$(printf '550 5.1.1 \033[2J\033]0;title\007 \302\233 \342\200\256xyzzy')" >evil.eml
  $ nixie check --verbose evil.eml | LC_ALL=C grep -c '[^ -~]'
  0
  ! nixie: configuration: $DIR/.nixie.conf
  [1]
  $ nixie check --json evil.eml | LC_ALL=C grep -c '[^ -~]'
  0
  [1]
  $ cp evil.eml "$(printf 'a\033[31mb\nc.eml')"
  $ nixie check a* | head -n 1
  a\x{1B}[31mb\x{A}c.eml:0  2020-01-10  <38229700@mx.example.net>
  $ nixie check "$(printf 'no\033[31msuch')"
  ! nixie: no\x{1B}[31msuch: No such file or directory
  [66]
