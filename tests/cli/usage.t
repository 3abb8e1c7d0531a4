What is typed wrong gets an answer that helps, on stderr, and status 64.

  $ nixie
  ! Usage: nixie [OPTION...] COMMAND [ARGUMENT...]
  !
  !   deliver     one message on stdin to the database: for aliases and filters
  !   serve       LMTP on a socket: deliver, without a process for each message
  !   scan        archives to the database, with a summary
  !   check       what would it say? Nothing is recorded
  !   explain     what a code or a server's reply means, and what to do
  !   list        the mailing lists: add, show, set what they ask for
  !   subscriber  the subscribers: add, import, show, list, export, remove, restore
  !   why         the whole story of an address: events, score, rule by rule
  !   forward     new addresses that servers offered: show, accept, reject, ask
  !   incident    when many fail alike: what happened, what to do, what counts
  !   run         what is due: warnings, removals, hooks, notices; from a timer
  !   outbox      what waits to be told to hooks, readers and owners
  !   undo        takes decisions back, and what reports did
  !   policy      what suspends, warns, removes: show it, try another, replay
  !   post        tells what a list sent: what did not come back came through
  !   purge       forgets what is older than the configuration allows
  !   forget      forgets everything on one address
  !   verp        signed return paths: make, open, and their keys
  !   rules       what servers say: list, check, explain a message, learn
  !   doctor      whether all is set up so that no bounce is lost
  !
  ! nixie --help says more, nixie COMMAND --help all about one command.
  [64]
  $ nixie --version
  nixie 0.1.0
  $ nixie chek
  ! nixie: unknown command "chek"; did you mean "check"?
  ! Try "nixie --help".
  [64]
  $ nixie why
  ! nixie: the ADDRESS is missing
  ! Try "nixie why --help".
  [64]
  $ nixie wyh someone@example.com
  ! nixie: unknown command "wyh"; did you mean "why"?
  ! Try "nixie --help".
  [64]
  $ nixie xyzzy
  ! nixie: unknown command "xyzzy"
  ! Try "nixie --help".
  [64]
  $ nixie --databse x scan
  ! nixie: unknown option "--databse"; did you mean "--database"?
  ! Try "nixie scan --help".
  [64]
  $ nixie scan --dryrun x
  ! nixie: unknown option "--dryrun"; did you mean "--dry-run"?
  ! Try "nixie scan --help".
  [64]
  $ nixie check --josn x
  ! nixie: unknown option "--josn"; did you mean "--json"?
  ! Try "nixie check --help".
  [64]
  $ nixie -x check
  ! nixie: unknown option "-x"
  ! Try "nixie check --help".
  [64]
  $ nixie check -x
  ! nixie: unknown option "-x"
  ! Try "nixie check --help".
  [64]
  $ nixie --database
  ! nixie: Missing argument for --database
  ! Try "nixie --help".
  [64]
  $ nixie scan
  ! nixie: a PATH is missing: a file, an mbox, a Maildir, a folder or an archive; "-" is stdin
  ! Try "nixie scan --help".
  [64]
  $ nixie scan --progress=fast x
  ! nixie: --progress wants auto, bar, plain or none, not "fast"
  ! Try "nixie scan --help".
  [64]
  $ nixie explain
  ! nixie: a CODE or a reply's TEXT is missing; --json reads texts from stdin
  ! Try "nixie explain --help".
  [64]
  $ nixie list ad news
  ! nixie: unknown "list" command "ad"; did you mean "add"?
  ! Try "nixie list --help".
  [64]
  $ nixie list add
  ! nixie: the NAME is missing
  ! Try "nixie list --help".
  [64]
  $ nixie list add a b c
  ! nixie: there are too many words, from "c" on
  ! Try "nixie list --help".
  [64]
  $ nixie list show x y
  ! nixie: there are too many words, from "y" on
  ! Try "nixie list --help".
  [64]
  $ nixie subscriber imprt x
  ! nixie: unknown "subscriber" command "imprt"; did you mean "import"?
  ! Try "nixie subscriber --help".
  [64]
  $ nixie subscriber list --state suspnded
  ! nixie: unknown state "suspnded"; did you mean "suspended"?
  ! Try "nixie subscriber --help".
  [64]
  $ nixie subscriber show
  ! nixie: the ADDRESS is missing
  ! Try "nixie subscriber --help".
  [64]
  $ nixie forward axcept
  ! nixie: unknown "forward" command "axcept"; did you mean "accept"?
  ! Try "nixie forward --help".
  [64]
  $ nixie help chek
  ! nixie: unknown command "chek"; did you mean "check"?
  ! Try "nixie --help".
  [64]

Global options go before and behind the command, and "--" ends them.

  $ nixie --quiet explain -- 571 >a
  $ nixie explain 571 --quiet >b
  $ nixie explain --quiet -- 571 >c
  $ cmp a b && cmp a c
  $ nixie explain -- --json | head -n 1
  --json
