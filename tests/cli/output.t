An output that cannot be written is 74, with a line; when the reader went away, without one.

  $ nixie list add news; seq 5000 | sed 's/.*/reader&@example.com/' | nixie -q subscriber import -
  $ $CASES/make-bounce reader1@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >bounce.eml
  $ cat >full.sh <<'END'
  > for command in 'check bounce.eml' 'check --json bounce.eml' 'explain 551' 'explain 252 551' 'explain --json 551' \
  >   'scan bounce.eml' 'list' 'subscriber' 'subscriber export' 'subscriber show reader1@example.com' \
  >   'why reader1@example.com' '--version' '--help' 'why --help'
  > do
  >   nixie $command >/dev/full 2>err; echo "$? $(cat err) ($command)"
  > done
  > END
  $ sh full.sh
  74 nixie: cannot write the output: No space left on device (check bounce.eml)
  74 nixie: cannot write the output: No space left on device (check --json bounce.eml)
  74 nixie: cannot write the output: No space left on device (explain 551)
  74 nixie: cannot write the output: No space left on device (explain 252 551)
  74 nixie: cannot write the output: No space left on device (explain --json 551)
  74 nixie: cannot write the output: No space left on device (scan bounce.eml)
  74 nixie: cannot write the output: No space left on device (list)
  74 nixie: cannot write the output: No space left on device (subscriber)
  74 nixie: cannot write the output: No space left on device (subscriber export)
  74 nixie: cannot write the output: No space left on device (subscriber show reader1@example.com)
  74 nixie: cannot write the output: No space left on device (why reader1@example.com)
  74 nixie: cannot write the output: No space left on device (--version)
  74 nixie: cannot write the output: No space left on device (--help)
  74 nixie: cannot write the output: No space left on device (why --help)
  $ nixie subscriber export | head -n 1; nixie subscriber | head -n 1
  list,address,name,state,score,since
  STATE      SCORE  SINCE       LIST  ADDRESS
  $ cat >gone.py <<'END'
  > import os, subprocess, sys
  > for command in (['subscriber', 'export'], ['subscriber'], ['check', '--json'] + ['bounce.eml'] * 500):
  >     read, write = os.pipe()
  >     os.close(read)
  >     p = subprocess.run(['nixie'] + command, stdout=write)
  >     os.close(write)
  >     print(p.returncode)
  > END
  $ python3 gone.py
  74
  74
  74

stdout or stderr that is closed does no harm.

  $ nixie explain 551 >&-
  ! nixie: cannot write the output: Bad file descriptor
  [74]
  $ nixie explain >/dev/null 2>&-
  [64]
  $ nixie scan -q --database x.db bounce.eml >&- 2>&- && $CASES/dump-database x.db events | head -n 1
  events: 1 rows
