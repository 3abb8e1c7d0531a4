deliver: 0 when the bounce is recorded or there is nothing to record, 75 for all else.

  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >bounce.eml
  $ nixie list add news news@lists.example.org
  $ nixie subscriber add reader@example.com
  reader@example.com is now on news
  $ nixie deliver <bounce.eml
  $ nixie deliver --verbose <bounce.eml
  ! nixie: configuration: $DIR/.nixie.conf
  ! nixie: database: $DIR/nixie.db
  ! nixie: reader@example.com: permanent, user-unknown
  ! nixie: 0 new of 1 events
  $ $CASES/dump-database nixie.db events | head -n 1
  events: 1 rows
  $ nixie subscriber show reader@example.com
  reader@example.com
    List      news
    State     active
    Score     0.00 of 2.50
    Events    1

The same with a From_ line in front, as programs that pipe mail put it; a From_ line in the body is no second message.

  $ (echo 'From MAILER-DAEMON Fri Jan 10 12:00:00 2020'; cat bounce.eml) >from.eml
  $ nixie deliver <from.eml && $CASES/dump-database nixie.db events | head -n 1
  events: 1 rows
  $ (cat bounce.eml; echo; echo 'From x@y Fri Jan 10 12:00:00 2020'
  >  $CASES/make-bounce other@example.com '11 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy') >two.eml
  $ nixie deliver <two.eml && $CASES/dump-database nixie.db events | grep -c other@example.com
  0
  [1]

What is no report is no error, and has the status that the recipe asks for.

  $ printf 'From: a@b.example\nSubject: hello\n\nHow are you?\n' >letter.eml
  $ nixie deliver <letter.eml
  $ nixie deliver --not-a-bounce 67 <letter.eml
  [67]
  $ nixie deliver --not-a-bounce 67 <bounce.eml
  $ nixie deliver </dev/null
  $ nixie deliver --not-a-bounce 1 </dev/null
  [1]

An ordinary letter needs no database.

  $ nixie deliver --database /proc/none/x.db <letter.eml

Whose subscription it is, the envelope recipient can tell: --envelope-to, or the environment.

  $ nixie subscriber add verp@example.com
  verp@example.com is now on news
  $ $CASES/make-bounce gone@example.net '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >verp.eml
  $ nixie deliver --envelope-to news-bounces+verp=example.com@lists.example.org <verp.eml
  $ nixie why verp@example.com | sed -n 3,9p
  news: active
    Score 1.00 on 2020-01-10, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
             address  gone@example.net
                said  550 5.1.1 xyzzy
  $ for name in ORIGINAL_RECIPIENT ORIG_RECIPIENT RECIPIENT; do
  >   export NIXIE_DATABASE=$name.db
  >   nixie list add news
  >   nixie -q subscriber add verp@example.com
  >   env $name=news-bounces+verp=example.com@lists.example.org nixie deliver <verp.eml
  >   nixie subscriber show verp@example.com | tail -n 1
  > done
    Events    1
    Events    1
    Events    1

All that goes wrong is 75.

  $ nixie deliver --list nosuch <bounce.eml
  ! nixie: there is no list named “nosuch”
  [75]
  $ nixie deliver bounce.eml <bounce.eml
  ! nixie: deliver takes no file; it reads one message from stdin (see scan)
  ! Try "nixie deliver --help".
  [75]
  $ nixie deliver --bogus <bounce.eml
  ! nixie: unknown option "--bogus"
  ! Try "nixie deliver --help".
  [75]
  $ nixie --bogus deliver <bounce.eml
  ! nixie: unknown option "--bogus"
  ! Try "nixie deliver --help".
  [75]
  $ nixie deliver --not-a-bounce many <bounce.eml
  ! nixie: --not-a-bounce wants a number from 0 to 255, not "many"
  ! Try "nixie deliver --help".
  [75]
  $ nixie deliver --not-a-bounce 256 <bounce.eml
  ! nixie: --not-a-bounce wants a number from 0 to 255, not "256"
  ! Try "nixie deliver --help".
  [75]
  $ nixie deliver --database /proc/none/x.db <bounce.eml
  ! nixie: /proc/none: the folder cannot be made: No such file or directory
  [75]
  $ nixie deliver --database letter.eml <bounce.eml
  ! nixie: $DIR/letter.eml: file is not a database; it is not a SQLite database; give another --database or move it away
  [75]
  $ nixie deliver --config nosuch.conf <bounce.eml
  ! nixie: cannot read the configuration nosuch.conf: No such file or directory; see --config and NIXIE_CONFIG
  [75]
  $ printf '[nixie]\nlsit = news\n' >bad.conf
  $ nixie deliver --config bad.conf <bounce.eml
  ! nixie: bad.conf:2: unknown key "lsit"; did you mean "list"?; known is: database, list, rules, subscriber-header
  [75]
  $ nixie deliver --config bad.conf <letter.eml
  ! nixie: bad.conf:2: unknown key "lsit"; did you mean "list"?; known is: database, list, rules, subscriber-header
  [75]
  $ printf '[phrase x]\nnonsense\n' >.rules/bad.rules
  $ nixie deliver <bounce.eml
  ! nixie: $DIR/.rules/bad.rules:2: neither "[TYPE ID]", nor "key = value", nor a "#" comment
  [75]
  $ rm .rules/bad.rules
  $ nixie deliver <&-
  ! nixie: cannot read the message from stdin: Bad file descriptor
  [75]
  $ nixie deliver <.
  ! nixie: cannot read the message from stdin: Is a directory
  [75]

stdin is read to its end, whatever happens: whoever writes it never gets SIGPIPE.

  $ cat >writer.py <<'END'
  > import subprocess, sys
  > p = subprocess.Popen(['nixie', 'deliver'] + sys.argv[1:], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
  > for i in range(100):
  >     p.stdin.write(b'x' * 1000000)
  > p.stdin.close()
  > print(p.wait())
  > END
  $ python3 writer.py
  0
  $ python3 writer.py --bogus
  75
  $ python3 writer.py --config bad.conf
  75
