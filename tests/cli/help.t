Every help in full; "help COMMAND" is the same as "COMMAND --help".

  $ nixie --help
  Usage: nixie [OPTION...] COMMAND [ARGUMENT...]

  nixie reads the bounces of mailing lists, says what each one means for the
  address it names, and keeps a subscriber database true.

  Commands:
    deliver     one message on stdin to the database: for aliases and filters
    serve       LMTP on a socket: deliver, without a process for each message
    scan        archives to the database, with a summary
    check       what would it say? Nothing is recorded
    explain     what a code or a server's reply means, and what to do
    list        the mailing lists: add, show, set what they ask for
    subscriber  the subscribers: add, import, show, list, export, remove, restore
    why         the whole story of an address: events, score, rule by rule
    forward     new addresses that servers offered: show, accept, reject, ask
    incident    when many fail alike: what happened, what to do, what counts
    run         what is due: warnings, removals, hooks, notices; from a timer
    outbox      what waits to be told to hooks, readers and owners
    undo        takes decisions back, and what reports did
    policy      what suspends, warns, removes: show it, try another, replay
    post        tells what a list sent: what did not come back came through
    purge       forgets what is older than the configuration allows
    forget      forgets everything on one address
    verp        signed return paths: make, open, and their keys
    rules       what servers say: list, check, explain a message, learn
    doctor      whether all is set up so that no bounce is lost
    help        the help of a command

  Options, before or after the command:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Database: --database, else $NIXIE_DATABASE, else the configuration's, else
  /var/lib/nixie/nixie.db if that folder exists, else nixie/nixie.db in
  $XDG_DATA_HOME. Configuration: --config, else $NIXIE_CONFIG, else
  /etc/nixie/nixie.conf if it exists.

  Examples:
    nixie explain 252 551
    nixie check bounce.eml
    nixie list add news news@example.org
    nixie subscriber import readers.csv --list news
    nixie scan ~/Maildir/.bounces
    nixie why reader@example.com

  Exit status:
     0   done
    64   wrong usage
    65   a data file holds something that cannot be taken
    66   an input, a list or an address is not there or not readable
    70   a fault of nixie itself
    73   the database cannot be opened, read or written
    74   the output cannot be written
    75   not now: the database is locked by others; try again
    78   the configuration or a rules file is wrong
  deliver knows only 0 and 75.
  $ nixie --help | cmp - - && nixie help | head -n 1; nixie -h | head -n 1
  Usage: nixie [OPTION...] COMMAND [ARGUMENT...]
  Usage: nixie [OPTION...] COMMAND [ARGUMENT...]
  $ nixie deliver --help
  Usage: nixie deliver [--envelope-to ADDRESS] [--not-a-bounce STATUS] < MESSAGE

  Reads one message from stdin, to its end, and records what it reports. Made for
  pipe(8), aliases, .forward, procmail, maildrop and Sieve. The database is made
  when it is not there yet. The same message again changes nothing, so a mail
  system may try as often as it likes. --list NAME says which list the bounces
  are for, when their return path does not.

  The envelope recipient carries the subscriber's address where the list sends
  with VERP. Without --envelope-to it is taken from the environment:
  ORIGINAL_RECIPIENT, ORIG_RECIPIENT or RECIPIENT, whichever is set first.

  Options:
    --envelope-to ADDRESS   the address that the bounce was sent to
    --not-a-bounce STATUS   exit status for other mail (default 0)

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    news-bounces: "|/usr/bin/nixie deliver --list news"      (in /etc/aliases)
    nixie deliver --list news < bounce.eml

  Exit status:
     0  the report is durably recorded, or there was nothing to record
    75  anything else: keep the message, try again
    STATUS of --not-a-bounce, when the message is no report
  $ nixie serve --help
  Usage: nixie serve --listen PLACE

  Takes messages by LMTP (RFC 2033) at a Unix socket, or a port that only this
  machine reaches, and does with each what deliver does. The recipient of RCPT TO
  is the address that the bounce was sent to. Sockets that systemd opened are
  taken too.

  250 says that the report is durably recorded, or that there is nothing to
  record. Messages that come at the same time share one transaction. What may
  work later is answered with 4xx: the database is busy, the disk is full, the
  reading crashed or took too long. 5xx is for what never will: wrong commands,
  and messages above the announced size.

  SIGHUP reads the configuration, the rules and the keys again; when something is
  wrong with them, that is said, and those of before stay in use. SIGTERM ends
  the server when the messages that are under way are answered. The group [serve]
  of the configuration has the limits.

  Options:
    --listen PLACE          a path, 127.0.0.1:PORT or [::1]:PORT; several will do

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie serve --list news --listen /run/nixie/lmtp
    nixie serve --listen 127.0.0.1:2424

  Exit status:
     0  ended by SIGTERM or SIGINT
    64  --listen is missing, or no place that may be listened at
    66  the socket cannot be made, or another server has it
    78  the configuration or a rules file is wrong
  $ nixie scan --help
  Usage: nixie scan [OPTIONS] PATH...

  Reads every message of the PATHs and records what the reports among them say. A
  PATH is a file with one message, an mbox, a Maildir or a folder of them; "-" is
  stdin. All of them may be compressed (gzip, bzip2, xz, zstd) or lie in a tar or
  zip archive, whatever their names. Nothing is deleted there, and moved with
  --move-to only. The database is made when it is not there yet.

  The database knows how far each file was read. A scan that was ended goes on
  when it is started again, of a folder only new files are read, and of a file
  that has grown what is new. --again reads all; what is known counts once all
  the same. An input that cannot be read is reported, and the others go on.

  Options:
    --again                 from the beginning, also what scans have read before
    -n, --dry-run           read and count, record nothing
    -j, --jobs N            so many threads (default: one a processor, at most 8)
    --move-to FOLDER        a Maildir that mails go to when they are recorded
    --progress HOW          auto, bar, plain or none (default auto)
    --since TIME            no reports of before that time
    --until TIME            no reports of after that time

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie scan ~/Maildir/.bounces
    nixie scan --move-to ~/Maildir/.bounces.done ~/Maildir/.bounces
    nixie scan --list news bounces-2026.tar.gz

  Exit status:
      0  all was read and recorded
     66  some input could not be read; the others are recorded
     73  the database cannot be opened or written
     75  the database was locked for too long; start again
     78  the configuration or a rules file is wrong
    130  ended by SIGINT, 143 by SIGTERM; what was read is recorded
  $ nixie check --help
  Usage: nixie check [--json] [PATH...]

  Prints what nixie makes of each message of the PATHs, or of stdin: one line for
  each recipient that a report names, with verdict, reason, codes and address. No
  database is opened. With --verbose also what the server said, and the rule that
  decided.

  With --json one object a line: file offset message_id date kind recipient
  original_recipient verdict reason status reply forward diagnostic reporting_mta
  remote_mta list subscriber proof rule defects. What has no value is left out;
  the order is always this. A mail that is no report is a line of the kind
  "none".

  Options:
    --json                  one JSON object a line and (message, recipient)

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie check bounce.eml
    nixie check --json in.mbox | jq -r 'select(.verdict == "permanent").recipient'

  Exit status:
     0  all was read
    66  some input could not be read; the others are printed
    74  the output cannot be written
    78  the configuration or a rules file is wrong
  $ nixie explain --help
  Usage: nixie explain CODE...
         nixie explain TEXT
         nixie explain --json [TEXT...]

  A CODE is a reply code (551), an enhanced status code (5.1.6) or both
  (551-5.1.6). One is told in full: what it means, when it is seen, what to do,
  what nixie makes of it. Several stand side by side, with how they differ.

  Anything else is the TEXT of a reply, as servers write it into bounces: the
  verdict, the reason, the rule that decided, a new address if one is offered,
  and the codes in it.

  --json judges every TEXT, or every line of stdin, and writes one object a line:
  verdict reason status reply forward rule.

  Options:
    --json                  one JSON object a line and text

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie explain 252 551
    nixie explain "551 5.1.6 please try <new@example.com>"
    nixie explain --json < replies.txt

  Exit status:
     0  done
    64  wrong usage
    74  the output cannot be written
    78  the configuration or a rules file is wrong
  $ nixie list --help
  Usage: nixie list [show [NAME]]
         nixie list add NAME [ADDRESS]
         nixie list set NAME [--proof LEVEL [--since DATE]] [--complaint ACTION]

  show prints the lists, and how many subscribers of each are active, suspended
  and removed; with a NAME, what is set for it. add makes a list, and the
  database when it is not there yet; ADDRESS is the list's posting address, by
  which its bounces are told from those of other lists. A list that is there gets
  the new address.

  set --proof says what a report must prove to change anybody's state: claim
  (anything will do), verp, original, signed; what proves less is recorded only.
  auto, the default, is claim until keyed return paths are in use (nixie verp),
  and signed for what came in since. All states are worked out anew; with --since
  only what came in from that day on has to prove it.

  set --complaint says what a feedback report does, by which a reader tells his
  provider that he does not want the list's mail: unsubscribe, suspend, record,
  or auto, the default: as the policy says (nixie policy).

  Options:
    --proof LEVEL           set: the least proof that changes a state: auto, claim, verp, original or signed
    --since DATE            set: --proof is for reports that came in since then
    --complaint ACTION      set: on a complaint: auto, unsubscribe, suspend, record

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie list add news news@lists.example.org
    nixie list set news --proof signed
    nixie list show news

  Exit status:
     0  done
    65  NAME or ADDRESS cannot be taken
    66  there is no database
    73  the database cannot be opened, read or written
    75  the database was locked for too long
  $ nixie subscriber --help
  Usage: nixie subscriber [list] [--state STATE]
         nixie subscriber add ADDRESS...
         nixie subscriber import FILE.csv
         nixie subscriber show ADDRESS
         nixie subscriber export [--state STATE]
         nixie subscriber export ADDRESS
         nixie subscriber remove ADDRESS...
         nixie subscriber restore ADDRESS...

  add and import put addresses on --list NAME, which may be left out when there
  is only one list. Reports that were read before the subscription was there
  count for it when they are scanned again.

  import reads CSV: a column "address" or "email", and "name" if there is one;
  without such a header the first column is the address. "-" is stdin. A line
  that cannot be taken is reported with its number, and the others are imported.

  remove ends a subscription; its events stay. restore makes one active again
  with a score of 0: a suspended one, or one that ended by a complaint or by
  hand. Both are steps, which nixie undo takes back.

  list prints the state and today's score of each; export writes CSV with the
  columns list,address,name,state,score,since, the score as of the last event. An
  address that a spreadsheet would take for a formula gets a "'" before it, which
  import takes off. export ADDRESS writes all that is held of one address as
  JSON: its subscriptions, events, changes, offers and steps; nixie forget
  deletes that.

  Options:
    --state STATE           only active, suspended or removed ones

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie subscriber import readers.csv --list news
    nixie subscriber list --state suspended
    nixie subscriber export --list news > news.csv

  Exit status:
     0  done
    65  an address or a line of the CSV file cannot be taken
    66  there is no such database, list, file or subscriber
    73  the database cannot be opened, read or written
    74  the output cannot be written
    75  the database was locked for too long
  $ nixie why --help
  Usage: nixie why [--all] ADDRESS

  Answers "why was I unsubscribed?". For every list that ADDRESS is on: its
  state, the score against the threshold, each report with its verdict, the words
  of the server, the rule that decided, how well it is proven, what it added to
  the score and why; the changes of state, new addresses that were offered, and
  what would come next.

  So that it fits one screen, words that are those of the event above are left
  out, and of many events, changes and decisions the last eight are shown; --all
  shows all.

  ADDRESS need not be a subscriber; then its reports are shown.

  Options:
    --all                   all events and changes, not only the last

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie why reader@example.com
    nixie why reader@example.com --list news

  Exit status:
     0  done
    66  nothing is known of ADDRESS, or there is no such database or list
    73  the database cannot be opened or read
    74  the output cannot be written
  $ nixie policy --help
  Usage: nixie policy [show] [--list NAME] [--all] [--json]
         nixie policy compare [--with FILE] [--list NAME] [--json]
         nixie policy replay [--dry-run]

  A policy is a preset (nixie, or another list manager whose arithmetic it
  follows) and keys above it. They stand in the configuration, in [policy] for
  all lists and in [policy NAME] for one. What is in force stands in the
  database: show says what that is, where each value comes from and what it
  means, and whether the configuration says something else by now. Without --all
  only what differs from the preset is shown, without --list what holds for lists
  that have no policy of their own.

  compare says who would stand elsewhere, and why, if the configuration were in
  force, or the one in FILE. It changes nothing. Scores are as of the last
  report.

  replay puts what is configured in force and computes all states anew from the
  reports, as if it had always been so, in one transaction. For each policy that
  changed there is a step, which nixie undo takes back. A list that is added gets
  what is configured then.

  Options:
    --all                   show: all keys, also those that are as by default
    --json                  show, compare: one JSON object a line
    -n, --dry-run           replay: say what would change, change nothing
    --with FILE             compare: a configuration with other policies
    --progress HOW          auto, bar, plain or none

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie policy show --list news --all
    nixie policy compare --with new.conf
    nixie policy replay --dry-run

  Exit status:
     0  done
    66  there is no such database or list
    73  the database cannot be opened, read or written
    75  the database was locked for too long
    78  a policy in the configuration, or in FILE, is wrong
  $ nixie post --help
  Usage: nixie post [add] < MESSAGE
         nixie post [add] --message-id ID [--date DATE] [--list NAME]
         nixie post show [--date DATE] [--list NAME]

  add, which need not be said, reads a mail that a list sends, or one that it has
  sent, and notes its Message-ID and Date. The list is that of --list, else what
  the mail's List-Id, List-Post or To says, else the configuration's, else the
  only one. An alias or a subscriber of the list that pipes into nixie post is
  all that is needed. A post that is known already changes nothing.

  Who fails, then gets several posts of which none comes back, and fails again
  has read mail in between: with the posts known, his score begins anew (the keys
  quiet-posts and quiet-days of the policy). Posts are learned from bounces too,
  when these return the mail and prove that it was ours; nixie post knows those
  that nobody bounced.

  show prints the posts of the last 30 days, or those since DATE.

  Options:
    --message-id ID         the post's Message-ID; then no mail is read
    --date DATE             when it was sent (ISO 8601); otherwise its Date, or now

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie post --list news < post.eml
    nixie post --list news --message-id '<1@lists.example.org>' --date 2026-11-23
    nixie post show --list news

  Exit status:
     0  done
    65  there is no mail, or it has no Message-ID
    66  there is no such database or list
    73  the database cannot be opened, read or written
    75  the database was locked for too long
  $ nixie verp --help
  Usage: nixie verp make [--list NAME] ADDRESS...
         nixie verp open RETURN-PATH...
         nixie verp key

  A return path with a key proves that a report is about a mail of yours: nobody
  else can write it. make prints one for each ADDRESS, a line each, the same all
  day: send the mail to ADDRESS with it. open says what a return path is worth,
  and whose it is. key adds a key to the key file, or makes the file; those
  before it still open what they made, and are left out when no valid return path
  can be theirs. For "-" make and open read lines from stdin. --date 2026-11-23
  does it as of that day: for mail that goes out later, or to see what was valid
  then.

  The list is a NAME of the database, whose posting address is taken; a posting
  address; or one with its own pattern in the configuration. Without a pattern
  the local part is LIST-bounces+TOKEN-user=domain, or LIST-bounces+TOKEN where
  that is too long. contrib/verp/README says how to send so with Postfix, Exim,
  Mailman and Sympa.

  The key file must be readable by its owner alone: the user that deliver runs
  as.

  Options:
    --key-file FILE         the keys (default: the configuration's)
    --date TIME             as of TIME instead of now

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie verp key --key-file /etc/nixie/verp.keys
    nixie verp make --list news reader@example.com
    nixie verp open news-bounces+1bm9cwans602k2rkz-reader=example.com@lists.example.org

  Exit status:
     0  done; open: all are valid
    64  no key file is known
    65  an ADDRESS cannot be taken, or a RETURN-PATH is not valid; the others are printed
    66  there is no such database or list
    74  the key file or the output cannot be written
    78  the configuration or the key file is wrong, or others may read the keys
  $ nixie forward --help
  Usage: nixie forward [list] [--state STATE]
         nixie forward show NUMBER...
         nixie forward accept NUMBER...
         nixie forward reject NUMBER...
         nixie forward confirm [--stdout] NUMBER...
         nixie forward confirm --token TOKEN

  A proposal is an address that a report named as a reader's new one. list prints
  the open ones, with the words they were read from, the rule that found them,
  and how well it is proven that the report is about a mail of yours. Anybody can
  forge a bounce, so nothing happens by itself.

  accept gives the subscription the new address; its history stays with it, and
  its score begins anew. When the new address is a subscriber already, the old
  subscription ends. What would be a loop, a chain or an address of your own
  domains is refused, and so is what no report has offered for a year. reject
  settles a proposal for good.

  confirm asks at the new address: it writes a mail with a token that is good
  once, for a week, to stdout, or hands it to the sendmail of the configuration.
  When the mail is answered and the answer gets to nixie deliver, the address is
  accepted; a token that reached you in another way goes to --token.

  Each decision is a step with a number; nixie undo takes it back.

  Options:
    --state STATE           list: open, asked, accepted, rejected, expired or all (default: open and asked)
    --token TOKEN           confirm: what the new address sent back
    --stdout                confirm: write the mail to stdout, send nothing

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie forward list --list news
    nixie forward confirm 3 | sendmail -i -t
    nixie forward accept 3

  Exit status:
     0  done
    65  a proposal cannot be accepted; the others are done
    66  there is no such database, list, proposal or token
    73  the database cannot be opened, read or written
    74  the output cannot be written, or the mail not be sent
    75  the database was locked for too long
    78  the configuration is wrong
  $ nixie doctor --help
  Usage: nixie doctor [--json] [--root DIR]

  Looks at the configuration and what it names (rules, keys, templates, hooks,
  sendmail), at the database (is it whole, who may write it, is there room, what
  waits, has nixie run been run), at the lists (addresses, return paths, owner,
  the policy in force), and at the files of mail servers on this machine: the
  lines of Postfix, Exim, Sendmail, OpenSMTPD, Courier, procmail, maildrop and
  Sieve that call nixie must keep a bounce when nixie cannot take it now, and the
  user they run it as must be able to write the database.

  Each finding is a line: ok, warning or error, and what to do; --verbose says
  why. Nothing is changed, no program is run, no other machine asked. Run it as
  root, who may read all of these files. With --root mail servers are looked for
  below DIR, and their users in its etc/passwd.

  Options:
    --json                  one JSON object a line
    --root DIR              look for the files of mail servers below DIR

  Global options:
    --database URI          the database: a path, or sqlite:PATH
    --config FILE           the configuration file
    --list NAME             the mailing list
    -q, --quiet             say nothing but errors
    -v, --verbose           say more
    --version               print the version
    -h, --help              print this help

  Examples:
    nixie doctor
    nixie doctor --verbose
    nixie doctor --quiet || echo something is to be done

  Exit status:
     0  no error, perhaps warnings
    64  wrong usage
    66  DIR is not there
    74  the output cannot be written
    78  there is an error
  $ for c in deliver scan check explain list subscriber why forward; do
  >   nixie $c --help >a; nixie help $c >b; nixie $c -h >c; cmp a b; cmp a c
  >   awk 'length > 80 { print "too wide: " $0 }' a
  > done
  too wide:   --proof LEVEL           set: the least proof that changes a state: auto, claim, verp, original or signed
  too wide:   --complaint ACTION      set: on a complaint: auto, unsubscribe, suspend, record
  too wide:   --state STATE           list: open, asked, accepted, rejected, expired or all (default: open and asked)

Help is asked for, so it goes to stdout; it needs no database, and a full disk is told.

  $ nixie scan --help --database /nowhere/at/all >/dev/null
  $ nixie --help >/dev/full
  ! nixie: cannot write the output: No space left on device
  [74]
