nixie doctor: what is found, in made-up folders. What the machine has of its own is masked.

%mask ^(ok|warning|error)( +database +)[0-9.]+ [kMGT]?B is free => ok\2N is free
%mask is free for (\S+)(; make room)?$ => is free for \1
%mask belongs to the user \S+ => belongs to the user WHO
%mask (the user \S+|root) may write it.* => the user WHO may write it
%mask the clock says \S+ => the clock says NOW
%mask ended last at [0-9TZ:-]+ => ended last at THEN

Without anything there is nothing to be wrong.

  $ mkdir empty; nixie doctor --root empty
  ok       configuration  $DIR/.nixie.conf: all keys are known
  ok       configuration  rules in $DIR/.rules and patterns of return paths are taken
  ok       configuration  no key-file: return paths have no keys, so a report proves what it can otherwise
  ok       configuration  mails can be written in 5 languages
  warning  configuration  no sendmail is configured: mails wait; sendmail = /usr/sbin/sendmail -i -t in [notices]
  warning  configuration  no authserv-id is set: what your mail server checked is not looked at; authserv-id = NAME in [proof]
  warning  database       there is no database $DIR/nixie.db yet; nixie list add NAME ADDRESS makes it
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server

  0 errors, 4 warnings

With a list and a run, and all that is asked for.

  $ nixie list add news news@lists.example.org
  $ nixie run
  nothing to do
  $ printf '#!/bin/sh\n' >hook; chmod 755 hook
  $ cat >good.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [proof]
  > authserv-id = mx.example.org
  > [notices]
  > sendmail = $PWD/hook -t
  > [verp]
  > key-file = $PWD/keys
  > [list news]
  > owner = news-owner@lists.example.org
  > hook = $PWD/hook --list news
  > END
  $ nixie verp key --quiet --key-file keys
  $ nixie --config good.conf doctor --root empty
  ok       configuration  good.conf: all keys are known
  ok       configuration  rules in $DIR/.rules and patterns of return paths are taken
  ok       configuration  $DIR/keys: its keys are read
  ok       configuration  mails can be written in 5 languages
  ok       configuration  sendmail: $DIR/hook is there
  ok       configuration  [list news] hook: $DIR/hook is there
  ok       configuration  authserv-id is set
  ok       database       $DIR/nixie.db is whole: schema 3, all that rows refer to is there
  ok       database       nixie run ended last at THEN
  ok       database       outbox: 0 calls of hooks and 0 mails wait
  ok       database       $DIR/nixie.db belongs to the user WHO
  ok       database       the user WHO may write it
  ok       database       N is free for $DIR
  ok       database       the clock says NOW
  ok       lists          news: the return path news-bounces+reader=post.example@lists.example.org is understood
  ok       lists          news: its keyed return paths are known again
  ok       lists          news: addresses for answers are known again
  ok       lists          news: its owner is news-owner@lists.example.org
  ok       lists          news: the configured policy is in force
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server

  0 errors, 1 warning
  $ nixie --config good.conf --quiet doctor --root empty
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server
  $ nixie --config good.conf doctor --root empty --json | grep '"lists"' | sed 's/"why":.*@/"why":"ADDRESS@/'
  {"level":"ok","area":"lists","what":"news: the return path news-bounces+reader=post.example@lists.example.org is understood"}
  {"level":"ok","area":"lists","what":"news: its keyed return paths are known again","why":"ADDRESS@lists.example.org"}
  {"level":"ok","area":"lists","what":"news: addresses for answers are known again","why":"ADDRESS@lists.example.org"}
  {"level":"ok","area":"lists","what":"news: its owner is news-owner@lists.example.org"}
  {"level":"ok","area":"lists","what":"news: the configured policy is in force"}

The configuration.

  $ printf '[nixie]\nlits = news\n' >bad.conf
  $ nixie --config bad.conf doctor --root empty
  error    configuration  bad.conf:2: unknown key "lits"; did you mean "list"?; known is: database, list, rules, subscriber-header
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server

  1 error, 1 warning
  [78]
  $ cat >bad.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [notices]
  > sendmail = $PWD/gone -t
  > templates = $PWD/templates
  > [verp]
  > key-file = $PWD/open-keys
  > [list nwes]
  > hook = $PWD/good.conf
  > [policy]
  > threshold = 4
  > END
  $ mkdir -p templates/en; printf 'Subject: x\n\n{adress}\n' >templates/en/warning.txt
  $ cp keys open-keys; chmod 644 open-keys
  $ nixie --config bad.conf --quiet --verbose doctor --root empty
  error    configuration  $DIR/open-keys: others than the owner may read or write the keys; run chmod 600, and "nixie verp key" if somebody did
  error    configuration  $DIR/templates/en/warning.txt:3: there is no placeholder {adress} in this mail; known are: list, list-address, address, reply, mark, diagnostic, date, since, until
  error    configuration  sendmail: $DIR/gone is not there; name a program that is
  error    configuration  [list nwes] hook: $DIR/good.conf cannot be executed; chmod +x it, or name another
  warning  configuration  no authserv-id is set: what your mail server checked is not looked at; authserv-id = NAME in [proof]
                          The name that your mail server begins
                          Authentication-Results with. Without it a forged report
                          is not known by its failed DMARC check.
  warning  lists          news: has no owner, who would be told of incidents; owner = ADDRESS in its group
                          The owner is told of incidents, and once a week of all
                          that happened.
  warning  lists          news: another policy than the configured one is in force; see nixie policy compare, then nixie policy replay
  warning  lists          [list nwes] is of no list; nixie list add, or mend the name
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server
                          Looked at were the files of Postfix, Exim, Sendmail,
                          OpenSMTPD, Courier, procmail, maildrop and Dovecot.
  ! nixie: configuration: bad.conf
  ! nixie: database: $DIR/nixie.db
  [78]
  $ chmod 602 hook; nixie --config good.conf --quiet doctor --root empty
  error    configuration  sendmail: $DIR/hook cannot be executed; chmod +x it, or name another
  error    configuration  [list news] hook: $DIR/hook cannot be executed; chmod +x it, or name another
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server
  [78]
  $ chmod 757 hook; nixie --config good.conf --quiet doctor --root empty
  warning  configuration  sendmail: everybody may change $DIR/hook; chmod o-w on it
  warning  configuration  [list news] hook: everybody may change $DIR/hook; chmod o-w on it
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server

The database.

  $ cp nixie.db damaged.db; printf 'some other thing' | dd of=damaged.db bs=1 seek=8192 conv=notrunc status=none
  $ NIXIE_DATABASE=$PWD/damaged.db nixie --config good.conf --quiet doctor --root empty | sed 's/: is damaged.*/: is damaged/; s/: database disk.*/: is damaged/'
  warning  configuration  sendmail: everybody may change $DIR/hook; chmod o-w on it
  warning  configuration  [list news] hook: everybody may change $DIR/hook; chmod o-w on it
  error    database       $DIR/damaged.db: is damaged
  error    lists          $DIR/damaged.db: is damaged
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server
  $ printf 'no database at all, but long enough for a header' >other.db
  $ NIXIE_DATABASE=$PWD/other.db nixie --quiet doctor --root empty | grep ' database '
  error    database       $DIR/other.db: file is not a database; it is not a SQLite database; give another --database or move it away
  $ chmod 755 hook; cp nixie.db mine.db; chmod 604 mine.db
  $ nixie --database mine.db list add plain
  $ nixie --database mine.db run --now 2026-01-02 --quiet 2>run.txt
  $ nixie --config good.conf --database mine.db --quiet doctor --root empty
  warning  database       nixie run ended last at THEN; look at the timer (nixie-run.timer) or at cron
  warning  database       mine.db: everybody may read it; chmod o= on it
  warning  lists          plain: has no posting address; nixie list add plain ADDRESS
  warning  lists          plain: has no owner, who would be told of incidents; owner = ADDRESS in its group
  warning  mail server    no file of a mail server calls nixie; see README.md, Behind a mail server
  $ nixie --database mine.db run --now 2099-01-02 --quiet 2>run.txt
  $ nixie --config good.conf --database mine.db --quiet doctor --root empty | grep clock
  error    database       the clock is wrong: nixie run ended at 2099-01-02T00:00:00Z, which is still to come; set the clock

Postfix.

  $ mkdir -p root/etc/postfix root/usr/bin
  $ printf 'bounce:x:%s:%s::/var/lib/bounce:/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/sh\n' "$(id -u)" "$(id -g)" >root/etc/passwd
  $ printf '#!/bin/sh\n' >root/usr/bin/nixie; chmod 755 root/usr/bin/nixie
  $ cat >doctor <<'END'
  > nixie --config good.conf doctor --root root | grep -v '  configuration  \|  database  \|  lists  '
  > END
  $ cat >root/etc/postfix/master.cf <<'END'
  > # nixie unix - n n - 1 pipe argv=/usr/bin/nixie
  > smtp   inet  n  -  y  -  -  smtpd
  > nixie  unix  -  n  n  -  1  pipe
  >   flags=DRhu user=bounce argv=/usr/bin/nixie --list news deliver
  > END
  $ printf 'recipient_delimiter = +\nnixie_destination_recipient_limit = 1\n' >root/etc/postfix/main.cf
  $ sh doctor
  ok       postfix        root/etc/postfix/master.cf:3: the user bounce may write the database
  ok       postfix        root/etc/postfix/master.cf:3: nixie_destination_recipient_limit = 1
  ok       postfix        recipient_delimiter has +
  ok       mail server    1 line of mail servers' files calls nixie

  0 errors, 0 warnings
  $ printf 'nixie_destination_recipient_limit =\n  5\n' >root/etc/postfix/main.cf
  $ cat >root/etc/postfix/master.cf <<'END'
  > nixie  unix  -  n  n  -  1  pipe
  >   flags=Ru user=nobody argv=/usr/local/bin/nixie --list news
  > other  unix  -  n  n  -  1  pipe
  >   argv=/usr/bin/nixie deliver --envelope-to ${recipient}
  > third  unix  -  n  n  -  1  pipe
  >   flags=DRhu user=gone argv=/usr/bin/nixie deliver
  > END
  $ sh doctor
  error    postfix        root/etc/postfix/master.cf:1: /usr/local/bin/nixie is not there; name the program that is
  error    postfix        root/etc/postfix/master.cf:1: nixie is not told to deliver; write nixie deliver, with --list NAME before it
  error    postfix        root/etc/postfix/master.cf:1: runs nixie as the user nobody, who may not pass the folder $DIR; let the owner of the database run it, or give the user the right
  error    postfix        root/etc/postfix/master.cf:1: nixie_destination_recipient_limit is not 1; add to main.cf: nixie_destination_recipient_limit = 1
  warning  postfix        root/etc/postfix/master.cf:1: nixie is not told which address the bounce came to; add flags=DRhu, or --envelope-to ${recipient}
  error    postfix        root/etc/postfix/master.cf:3: has no user=; add user=NAME, the owner of the database
  error    postfix        root/etc/postfix/master.cf:3: other_destination_recipient_limit is not 1; add to main.cf: other_destination_recipient_limit = 1
  error    postfix        root/etc/postfix/master.cf:5: there is no user gone; name a user that is
  error    postfix        root/etc/postfix/master.cf:5: third_destination_recipient_limit is not 1; add to main.cf: third_destination_recipient_limit = 1
  warning  postfix        root/etc/postfix/main.cf: recipient_delimiter has no +; add to main.cf: recipient_delimiter = +
  ok       mail server    3 lines of mail servers' files call nixie

  8 errors, 2 warnings
  $ printf 'recipient_delimiter = +-\ndefault_privs = bounce\ntransport_maps = regexp:/etc/postfix/transport\n' >root/etc/postfix/main.cf
  $ echo '/^news-bounces/  lmtp:unix:private/nixie' >root/etc/postfix/transport
  $ printf '# nothing\n' >root/etc/postfix/master.cf
  $ sh doctor
  error    postfix        root/etc/postfix/transport:1: the socket root/var/spool/postfix/private/nixie is not there, so every bounce waits; start nixie serve there, or mend the path
  ok       postfix        recipient_delimiter has +
  ok       mail server    1 line of mail servers' files calls nixie

  1 error, 0 warnings
  $ mkdir -p root/var/spool/postfix/private; touch root/var/spool/postfix/private/nixie; sh doctor
  ok       postfix        root/etc/postfix/transport:1: the socket root/var/spool/postfix/private/nixie is there
  ok       postfix        recipient_delimiter has +
  ok       mail server    1 line of mail servers' files calls nixie

  0 errors, 0 warnings

Aliases: Postfix runs them as nobody, unless default_privs says otherwise; Sendmail wants a link for its shell.

  $ printf '# news: "|/usr/bin/nixie"\nnews-bounces: "|/usr/bin/nixie --list news deliver"\n' >root/etc/aliases
  $ sh doctor | grep aliases
  ok       aliases        root/etc/aliases:2: the user bounce may write the database
  $ printf 'recipient_delimiter = +-\n' >root/etc/postfix/main.cf; sh doctor | grep aliases
  error    aliases        root/etc/aliases:2: runs nixie as the user nobody, who may not pass the folder $DIR; let the owner of the database run it, or give the user the right
  $ rm -r root/etc/postfix root/var/spool; mkdir -p root/etc/mail; touch root/etc/mail/sendmail.cf
  $ echo 'mail:x:65534:65534::/nonexistent:/bin/sh' >>root/etc/passwd; sh doctor
  error    aliases        root/etc/aliases:2: runs nixie as the user mail, who may not pass the folder $DIR; let the owner of the database run it, or give the user the right
  error    aliases        root/etc/aliases:2: nixie has no link in /etc/mail/smrsh; ln -s the program into it, where sendmail uses smrsh
  ok       mail server    1 line of mail servers' files calls nixie

  2 errors, 0 warnings
  $ mkdir root/etc/mail/smrsh; ln -s /usr/bin/nixie root/etc/mail/smrsh/nixie; sh doctor
  error    aliases        root/etc/aliases:2: runs nixie as the user mail, who may not pass the folder $DIR; let the owner of the database run it, or give the user the right
  ok       mail server    1 line of mail servers' files calls nixie

  1 error, 0 warnings
  $ rm -r root/etc/mail root/etc/aliases; mkdir -p root/var/lib/bounce; echo '"|/usr/bin/nixie -v"' >root/var/lib/bounce/.forward; sh doctor; rm root/var/lib/bounce/.forward
  error    aliases        root/var/lib/bounce/.forward:1: nixie is not told to deliver; write nixie deliver, with --list NAME before it
  ok       aliases        root/var/lib/bounce/.forward:1: the user bounce may write the database
  ok       mail server    1 line of mail servers' files calls nixie

  1 error, 0 warnings

Exim.

  $ mkdir -p root/etc/exim4/conf.d/transport
  $ printf 'nixie:\n  driver = pipe\n  command = /usr/bin/nixie --list news deliver\n  user = bounce\n  temp_errors = *\n' >root/etc/exim4/conf.d/transport/nixie
  $ sh doctor
  ok       exim           root/etc/exim4/conf.d/transport/nixie:1: the user bounce may write the database
  ok       exim           root/etc/exim4/conf.d/transport/nixie:1: temp_errors = *
  ok       mail server    1 line of mail servers' files calls nixie

  0 errors, 0 warnings
  $ cat >root/etc/exim4/conf.d/transport/nixie <<'END'
  > local:
  >   driver = appendfile
  > bare:
  >   driver = pipe
  >   command = /usr/bin/nixie deliver
  > deaf:
  >   driver = pipe
  >   command = "/usr/bin/nixie deliver"
  >   user = bounce
  >   ignore_status
  > hard:
  >   driver = pipe
  >   command = /usr/bin/nixie deliver
  >   user = ${local_part}
  >   temp_errors = 73 : 74
  > END
  $ sh doctor; rm -r root/etc/exim4
  warning  exim           root/etc/exim4/conf.d/transport/nixie:3: has no user; add user = NAME, the owner of the database
  warning  exim           root/etc/exim4/conf.d/transport/nixie:3: temp_errors is not set; add temp_errors = *
  ok       exim           root/etc/exim4/conf.d/transport/nixie:6: the user bounce may write the database
  error    exim           root/etc/exim4/conf.d/transport/nixie:6: ignore_status: a bounce that nixie could not take is lost; take ignore_status out
  error    exim           root/etc/exim4/conf.d/transport/nixie:11: temp_errors without 75: a bounce that nixie could not take is lost; write temp_errors = *
  ok       mail server    3 lines of mail servers' files call nixie

  2 errors, 2 warnings

procmail, maildrop, Sieve, in somebody's home.

  $ cat >root/var/lib/bounce/.procmailrc <<'END'
  > :0 w
  > * ^To:.*news-bounces
  > | /usr/bin/nixie --list news deliver
  >
  > EXITCODE=75
  > HOST=
  > END
  $ sh doctor
  ok       procmail       root/var/lib/bounce/.procmailrc:3: the user bounce may write the database
  ok       procmail       root/var/lib/bounce/.procmailrc:3: the recipe keeps what nixie cannot take
  ok       mail server    1 line of mail servers' files calls nixie

  0 errors, 0 warnings
  $ printf ':0\n| /usr/bin/nixie deliver\nEXITCODE=75\nHOST=\n' >root/var/lib/bounce/.procmailrc; sh doctor | grep procmail
  ok       procmail       root/var/lib/bounce/.procmailrc:2: the user bounce may write the database
  error    procmail       root/var/lib/bounce/.procmailrc:2: the recipe has no w: a bounce that nixie cannot take is lost; begin the recipe with ":0 w"
  $ printf ':0 w\n| /usr/bin/nixie deliver\nEXITCODE=$?\nHOST=\n' >root/var/lib/bounce/.procmailrc; sh doctor | grep procmail
  ok       procmail       root/var/lib/bounce/.procmailrc:2: the user bounce may write the database
  error    procmail       root/var/lib/bounce/.procmailrc:2: no EXITCODE=75 behind the recipe: what nixie cannot take ends in the inbox, or is lost; write EXITCODE=75 and HOST= behind the recipe
  $ printf ':0 w\n| /usr/bin/nixie deliver\nEXITCODE=75\n:0\n* x\nHOST=\n' >root/var/lib/bounce/.procmailrc; sh doctor | grep procmail
  ok       procmail       root/var/lib/bounce/.procmailrc:2: the user bounce may write the database
  error    procmail       root/var/lib/bounce/.procmailrc:2: no HOST= behind EXITCODE=75: what nixie cannot take ends in the inbox; write HOST= behind EXITCODE=75
  $ rm root/var/lib/bounce/.procmailrc
  $ printf 'exception {\n  to "|/usr/bin/nixie deliver"\n}\nEXITCODE=75\nexit\n' >root/var/lib/bounce/.mailfilter; sh doctor | grep maildrop
  ok       maildrop       root/var/lib/bounce/.mailfilter:2: the user bounce may write the database
  ok       maildrop       root/var/lib/bounce/.mailfilter:2: keeps what nixie cannot take
  $ printf 'to "|/usr/bin/nixie deliver"\n' >root/var/lib/bounce/.mailfilter; sh doctor | grep maildrop
  ok       maildrop       root/var/lib/bounce/.mailfilter:1: the user bounce may write the database
  error    maildrop       root/var/lib/bounce/.mailfilter:1: to without exception { }; write it in exception { }, EXITCODE=75 and exit behind
  $ printf 'exception {\n  to "|/usr/bin/nixie deliver"\n}\n' >root/var/lib/bounce/.mailfilter; sh doctor | grep maildrop
  ok       maildrop       root/var/lib/bounce/.mailfilter:2: the user bounce may write the database
  error    maildrop       root/var/lib/bounce/.mailfilter:2: no EXITCODE=75 and exit behind exception { }; write EXITCODE=75 and exit behind it
  $ printf 'cc "|/usr/bin/nixie deliver"\nEXITCODE=$RETURNCODE\n' >root/var/lib/bounce/.mailfilter; sh doctor | grep maildrop
  ok       maildrop       root/var/lib/bounce/.mailfilter:1: the user bounce may write the database
  error    maildrop       root/var/lib/bounce/.mailfilter:1: cc: a bounce that nixie cannot take is lost; write to, in exception { }
  $ rm root/var/lib/bounce/.mailfilter
  $ cat >root/var/lib/bounce/.dovecot.sieve <<'END'
  > require ["vnd.dovecot.execute", "fileinto"];
  > if execute :pipe "nixie-deliver" {
  >   discard;
  > } else {
  >   fileinto "Retry";
  > }
  > END
  $ sh doctor
  ok       sieve          root/var/lib/bounce/.dovecot.sieve:2: asks whether nixie took the bounce
  ok       mail server    1 line of mail servers' files calls nixie

  0 errors, 0 warnings
  $ mkdir root/var/lib/bounce/sieve; printf 'execute :pipe "nixie-deliver";\ndiscard;\n' >root/var/lib/bounce/sieve/a.sieve
  $ printf 'pipe "nixie-deliver";\n' >root/var/lib/bounce/sieve/b.sieve; printf 'pipe :try "nixie-deliver";\n' >root/var/lib/bounce/sieve/c.sieve
  $ sh doctor | grep sieve
  error    sieve          root/var/lib/bounce/sieve/a.sieve:1: a bounce that nixie cannot take is lost; if execute :pipe "nixie-deliver" { discard; } else { fileinto "Retry"; }
  warning  sieve          root/var/lib/bounce/sieve/b.sieve:1: a bounce that nixie cannot take ends in the inbox; if execute :pipe "nixie-deliver" { discard; } else { fileinto "Retry"; }
  error    sieve          root/var/lib/bounce/sieve/c.sieve:1: a bounce that nixie cannot take is lost; if execute :pipe "nixie-deliver" { discard; } else { fileinto "Retry"; }
  ok       sieve          root/var/lib/bounce/.dovecot.sieve:2: asks whether nixie took the bounce

Words that are too many, and a folder that is not there.

  $ nixie doctor now
  ! nixie: there are too many words, from "now" on
  ! Try "nixie doctor --help".
  [64]
  $ nixie --quiet doctor --root gone
  ! nixie: gone: there is no such folder; name one with --root
  [66]
