run: from a timer, twice at once, and killed in between: everything is told, and nothing twice.

  $ cat >hook <<'END'
  > #!/bin/sh
  > cd "$(dirname "$0")"
  > sed 's/.*"address":"\([^"]*\)".*/\1/' >>told
  > END
  $ chmod +x hook; cp hook hook.good
  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [list news]
  > hook = $PWD/hook
  > [run]
  > hook-seconds = 2
  > END
  $ nixie run
  ! nixie: there is no database $DIR/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  [66]
  $ nixie list add news news@lists.example.org
  $ for n in $(seq 60); do echo "reader$n@example.com"; done | sed 1iaddress >readers.csv
  $ nixie -q subscriber import --list news readers.csv
  $ nixie run
  nothing to do
  $ sed 1d readers.csv | xargs nixie -q subscriber remove --list news

Three at once.

  $ (nixie -q run & nixie -q run & nixie -q run; wait)
  $ wc -l <told; sort told | uniq -d
  60
  $ nixie run
  nothing to do

Killed while a hook runs: after the lease it is called once more, and only that one.

  $ sed 1d readers.csv | head -n 3 | xargs nixie -q subscriber restore --list news
  $ rm told
  $ printf '#!/bin/sh\nkill -9 $PPID\n' >hook
  $ nixie run --now 2030-01-01T00:00:00 2>/dev/null; test $? -ge 128
  $ cp hook.good hook
  $ nixie run --now 2030-01-01T00:00:10
  2 hook calls, 1 hook call waits
  $ nixie outbox
  61  tell the hook: add reader1@example.com (news)
        since 2030-01-01 00:00, tried 1 time, next 2030-01-01 00:01
  $ nixie run --now 2030-01-01T00:02:00
  1 hook call
  $ sort told | uniq -c | sed 's/^ *//'
  1 reader1@example.com
  1 reader2@example.com
  1 reader3@example.com

No lock is held while the hook runs: a delivery from within it is written at once.

  $ cat >hook <<END
  > #!/bin/sh
  > cat >/dev/null
  > NIXIE_CONFIG=$PWD/.nixie.conf NIXIE_DATABASE=$PWD/nixie.db timeout 20 $PWD/.bin/nixie -q subscriber add --list news inner@example.com
  > END
  $ nixie -q subscriber remove --list news reader1@example.com
  $ nixie run
  1 hook call
  $ nixie subscriber list --list news | grep -c inner
  1

SIGTERM: what is being told is finished, the rest is for the next run.

  $ printf '#!/bin/sh\ncat >/dev/null\nkill -TERM $PPID\n' >hook
  $ nixie -q subscriber remove --list news reader2@example.com reader3@example.com
  $ nixie run
  1 hook call, 1 hook call waits
  [143]
  $ cp hook.good hook
  $ nixie run
  1 hook call

The default policy: a warning a week, three of them, and a week after the last the subscription ends.

  $ printf '#!/bin/sh\ncat >/dev/null\n' >sendmail; chmod +x sendmail
  $ printf '[notices]\nsendmail = %s/sendmail\n' "$PWD" >>.nixie.conf
  $ nixie -q run
  $ nixie -q subscriber add --list news dead@example.com
  $ for day in 14 15 16; do $CASES/make-bounce dead@example.com "$day Jan 2026" failed 5.1.1 '550 5.1.1 no such user' | nixie -q scan -; done
  $ for day in 01-15 01-16 01-17 01-22 01-24 01-31 02-06; do printf '%s  ' $day; nixie run --now 2026-${day}T23:59:00; done
  01-15  1 hook call
  01-16  1 warned, 1 mail sent
  01-17  nothing to do
  01-22  nothing to do
  01-24  1 warned, 1 mail sent
  01-31  1 warned, 1 mail sent
  02-06  nothing to do
  $ nixie run --dry-run --now 2026-02-07T23:59:59
  would tell dead@example.com of its removal (news)
  would tell the hook: remove dead@example.com (news)
  $ nixie run --now 2026-02-08
  1 removed, 1 hook call, 1 mail sent
  $ nixie subscriber show dead@example.com | grep State
    State     removed since 2026-02-08

Wrong usage.

  $ nixie run now
  ! nixie: run is about all lists, and takes no argument
  ! Try "nixie run --help".
  [64]
  $ nixie run --list news
  ! nixie: run is about all lists, and takes no argument
  ! Try "nixie run --help".
  [64]
  $ nixie run --now yesterday
  ! nixie: "yesterday" is no date; write 2026-11-23 or 2026-11-23T14:05:00Z
  ! Try "nixie run --help".
  [64]
  $ nixie --database none.db run
  ! nixie: there is no database none.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  [66]
  $ nixie outbox retry
  ! nixie: the number of what waits is missing
  ! Try "nixie outbox --help".
  [64]
  $ nixie outbox retry x
  ! nixie: "x" is no number; nixie outbox shows them
  ! Try "nixie outbox --help".
  [64]
  $ nixie outbox drop 4711
  ! nixie: nothing with the number 4711 waits; nixie outbox shows what does
  [66]
  $ nixie outbox lst
  ! nixie: unknown "outbox" command "lst"; did you mean "list"?
  ! Try "nixie outbox --help".
  [64]
