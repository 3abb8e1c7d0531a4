The configuration: a GLib key file. What is wrong with it is told with file and line.

%needs test ! -d /var/lib/nixie
%mask no database .*/nixie.db yet => no database $HOME/nixie.db yet
  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >bounce.eml
  $ cat >try.sh <<'END'
  > try () { printf "$@" >c.conf; NIXIE_DATABASE= nixie list --config c.conf 2>&1; echo $?; }
  > try ''
  > try '# only a comment\n\n'
  > try '[nixie]\ndatabase = %s/x.db\n' "$PWD"
  > try '[nixei]\n'
  > try '[other]\nx = 1\n'
  > try '[nixie]\nlits = news\n'
  > try '[nixie]\ncolour = blue\n'
  > try 'list = news\n'
  > try '[nixie]\nlist = a\n\nlist = b\n'
  > try '[nixie]\nlist\n'
  > try '[nixie] x\n'
  > try '[nixie\n'
  > try '[nixie]\nlist =\n'
  > try '[nixie]\ndatabase = relative.db\n'
  > try '[nixie]\ndatabase = sqlite:relative.db\n'
  > try '[nixie]\nrules = /nowhere\n'
  > try '[nixie]\nrules = rules.d\n'
  > try '[nixie]\n# caf\351\nlist = caf\351\n'
  > try '[nixie]\nlist = a\\qb\n'
  > try 'a\000b'
  > try '[address]\nlocal-part-case = keep\nsubaddress = ignore\nsame-domains = a.example b.example;\n'
  > try '[address]\nlocal-part-case = yes\n'
  > try '[address]\n\nsubaddress = strip\n'
  > try '[address]\nsubadress = keep\n'
  > try '[address]\nsame-domains = a.example\n'
  > try '[address]\nsame-domains = a.example b.example; ; c.example d.example\n'
  > try '[address]\nsame-domains = a.example, b.example\n'
  > try '[address]\nsame-domains = a.example b.example; c.example A.example\n'
  > try '[address]\nsame-domains = a.example b.example\nsame-domains = c.example d.example\n'
  > try '[address]\nmax-age-days = 3\n'
  > try '[proof]\nauthserv-id = mx.example.org  mx2.example.org\n'
  > try '[proof]\nauthserv-id =\n'
  > try '\n[proof]\nauthserv-id = mx.example.org, mx2.example.org\n'
  > try '[proof]\nauthserv-id = mx.example.org -\n'
  > try '[proof]\nauthserv-ids = mx.example.org\n'
  > try '[nixie]\nauthserv-id = mx.example.org\n'
  > try '[proof]\nauthserv-id = a.example\nauthserv-id = b.example\n'
  > END
  $ sh try.sh
  nixie: there is no database $HOME/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  66
  nixie: there is no database $HOME/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  66
  nixie: there is no database $DIR/x.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  66
  nixie: c.conf:1: unknown group "nixei"; did you mean "nixie"?; known is: nixie, verp, address, proof, forward, notices, run, privacy, serve, list NAME, policy, policy NAME
  78
  nixie: c.conf:1: unknown group "other"; known is: nixie, verp, address, proof, forward, notices, run, privacy, serve, list NAME, policy, policy NAME
  78
  nixie: c.conf:2: unknown key "lits"; did you mean "list"?; known is: database, list, rules, subscriber-header
  78
  nixie: c.conf:2: unknown key "colour"; known is: database, list, rules, subscriber-header
  78
  nixie: c.conf:1: a key before the first group; write [nixie] above it
  78
  nixie: c.conf:4: list stands in line 2 already; remove one of them
  78
  nixie: c.conf:2: this is no group, no key = value and no comment; a comment begins with #
  78
  nixie: c.conf:1: this is no group; write [nixie] on a line of its own
  78
  nixie: c.conf:1: this is no group; write [nixie] on a line of its own
  78
  nixie: c.conf:2: the value is empty; give one, or remove the line
  78
  nixie: c.conf:2: database is no full path; begin it with "/"
  78
  nixie: c.conf:2: database is no full path; begin it with "/"
  78
  nixie: c.conf:2: rules is no folder; make it, or remove the line
  78
  nixie: c.conf:2: rules is no full path; begin it with "/"
  78
  nixie: c.conf:2: this is no UTF-8; save the file as UTF-8
  78
  nixie: c.conf:2: Key file contains key “list” which has a value that cannot be interpreted.
  78
  nixie: c.conf:1: this is no configuration file
  78
  nixie: there is no database $HOME/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  66
  nixie: c.conf:2: local-part-case is neither "ignore" nor "keep"; write one of them
  78
  nixie: c.conf:3: subaddress is neither "keep" nor "ignore"; write one of them
  78
  nixie: c.conf:2: unknown key "subadress"; did you mean "subaddress"?; known is: local-part-case, subaddress, same-domains
  78
  nixie: c.conf:2: same-domains: a domain that stands alone is the same as none; write "a.example b.example; c.example d.example"
  78
  nixie: c.conf:2: same-domains: a domain that stands alone is the same as none; write "a.example b.example; c.example d.example"
  78
  nixie: c.conf:2: same-domains: “a.example,” is no domain; write "a.example b.example; c.example d.example"
  78
  nixie: c.conf:2: same-domains: “A.example” is named twice; write "a.example b.example; c.example d.example"
  78
  nixie: c.conf:3: same-domains stands in line 2 already; remove one of them
  78
  nixie: c.conf:2: unknown key "max-age-days"; known is: local-part-case, subaddress, same-domains
  78
  nixie: there is no database $HOME/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  66
  nixie: c.conf:2: the value is empty; give one, or remove the line
  78
  nixie: c.conf:3: authserv-id: "mx.example.org," is no host name; give the names of your mail servers, with blanks between
  78
  nixie: c.conf:2: authserv-id: "-" is no host name; give the names of your mail servers, with blanks between
  78
  nixie: c.conf:2: unknown key "authserv-ids"; did you mean "authserv-id"?; known is: authserv-id
  78
  nixie: c.conf:2: unknown key "authserv-id"; known is: database, list, rules, subscriber-header
  78
  nixie: c.conf:3: authserv-id stands in line 2 already; remove one of them
  78
  $ nixie list --config nosuch.conf
  ! nixie: cannot read the configuration nosuch.conf: No such file or directory; see --config and NIXIE_CONFIG
  [78]
  $ nixie list --config .
  ! nixie: cannot read the configuration .: Is a directory; see --config and NIXIE_CONFIG
  [78]
  $ nixie list --config /dev/zero
  ! nixie: /dev/zero:1: this is no configuration file
  [78]

Which database: the option, the environment, the configuration, the documented place.

  $ printf '[nixie]\ndatabase = %s/conf.db\nlist = news\n' "$PWD" >ok.conf
  $ NIXIE_DATABASE= nixie --config ok.conf --verbose list add news
  ! nixie: configuration: ok.conf
  ! nixie: database: $DIR/conf.db
  $ NIXIE_CONFIG=ok.conf NIXIE_DATABASE=env.db nixie -v list add news
  ! nixie: configuration: ok.conf
  ! nixie: database: env.db
  $ NIXIE_CONFIG=ok.conf NIXIE_DATABASE=env.db nixie -v list add news --database sqlite:opt.db
  ! nixie: configuration: ok.conf
  ! nixie: database: sqlite:opt.db
  $ NIXIE_DATABASE= nixie -v list add news
  ! nixie: configuration: $DIR/.nixie.conf
  ! nixie: database: $DIR/.data/nixie/nixie.db
  $ ls conf.db env.db opt.db .data/nixie/nixie.db
  .data/nixie/nixie.db
  conf.db
  env.db
  opt.db

The configuration's list is for what comes in; what is shown is shown of all lists.

  $ nixie list add other --database conf.db
  $ NIXIE_DATABASE= nixie --config ok.conf subscriber add reader@example.com
  reader@example.com is now on news
  $ NIXIE_DATABASE= nixie --config ok.conf subscriber add reader@example.com --list other
  reader@example.com is now on other
  $ NIXIE_DATABASE= nixie --config ok.conf deliver <bounce.eml
  $ NIXIE_DATABASE= nixie --config ok.conf subscriber
  STATE      SCORE  SINCE       LIST   ADDRESS
  active      0.00  -           news   reader@example.com
  active      0.00  -           other  reader@example.com
