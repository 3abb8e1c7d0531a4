hook: the list's own program is told what changed: once, in order, with a time limit; what fails is told again.

%mask (?:(?<=since )|(?<=next ))20(2[6-9])-\d\d-\d\d \d\d:\d\d => TODAY
%mask (?<="date":)"20(2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ" => "NOW"

  $ cat >hook <<'END'
  > #!/bin/sh
  > cd "$(dirname "$0")"
  > { printf '%s: ' "$*"; cat; } >>told
  > END
  $ chmod +x hook
  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [list news]
  > hook = $PWD/hook --list 'the news' "\$HOME;touch x"
  > END
  $ nixie list add news news@lists.example.org
  $ nixie list add talk talk@lists.example.org
  $ nixie -q subscriber add --list news ann@example.com bob@example.com '"o;x y"@example.com'
  $ nixie -q subscriber add --list talk ann@example.com
  $ nixie run
  nothing to do
  $ for day in 14 15 16; do $CASES/make-bounce ann@example.com "$day Jan 2026" failed 5.1.1 '550 5.1.1 no such user' | nixie -q scan -; done
  $ nixie -q subscriber remove --list news bob@example.com

A look ahead tells nobody.

  $ nixie run --dry-run
  would warn ann@example.com (news)
  would tell the hook: suspend ann@example.com (news)
  would tell the hook: remove bob@example.com (news)
  $ cat told
  ! cat: told: No such file or directory
  [1]

No shell has read the arguments, and the addresses come on stdin alone.

  $ nixie run
  1 warned, 2 hook calls, 1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ cat told
  --list the news $HOME;touch x: {"id":2,"action":"suspend","list":"news","list_address":"news@lists.example.org","address":"ann@example.com","cause":"the score reached the threshold","score":2.97,"date":"NOW","state":"suspended","previous_state":"active"}
  --list the news $HOME;touch x: {"id":3,"action":"remove","list":"news","list_address":"news@lists.example.org","address":"bob@example.com","cause":"removed by hand","score":0.0,"date":"NOW","state":"removed","previous_state":"active"}
  $ nixie run
  1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ nixie outbox
  1  warn ann@example.com (news)
        since TODAY, tried 0 times, next TODAY

What is taken back is told, and what the list manager has deleted is added again before anything else.

  $ nixie -q subscriber restore --list news ann@example.com; nixie -q subscriber restore --list news bob@example.com
  $ rm told; nixie run; cat told
  2 hook calls
  --list the news $HOME;touch x: {"id":4,"action":"restore","list":"news","list_address":"news@lists.example.org","address":"ann@example.com","cause":"restored by hand","score":0.0,"date":"NOW","state":"active","previous_state":"suspended"}
  --list the news $HOME;touch x: {"id":5,"action":"add","list":"news","list_address":"news@lists.example.org","address":"bob@example.com","cause":"restored by hand","score":0.0,"date":"NOW","state":"active","previous_state":"removed"}
  $ nixie -q subscriber remove --list news bob@example.com; rm told; nixie run; cat told
  1 hook call
  --list the news $HOME;touch x: {"id":6,"action":"remove","list":"news","list_address":"news@lists.example.org","address":"bob@example.com","cause":"removed by hand","score":0.0,"date":"NOW","state":"removed","previous_state":"active"}
  $ nixie -q undo 5 4 1
  $ for day in 24 25 26; do $CASES/make-bounce bob@example.com "$day Jan 2026" failed 5.1.1 '550 5.1.1 no such user' | nixie -q scan -; done
  $ rm told; nixie run; cat told
  1 warned, 2 hook calls, 1 mail waits
  --list the news $HOME;touch x: {"id":8,"action":"add","list":"news","list_address":"news@lists.example.org","address":"bob@example.com","cause":"the score reached the threshold","score":2.97,"date":"NOW","state":"suspended","previous_state":"removed"}
  --list the news $HOME;touch x: {"id":9,"action":"suspend","list":"news","list_address":"news@lists.example.org","address":"bob@example.com","cause":"the score reached the threshold","score":2.97,"date":"NOW","state":"suspended","previous_state":"active"}
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]

The environment is the same from wherever nixie is started.

  $ printf '#!/bin/sh\nexec >>"$(dirname "$0")/told"; env | grep -v ^_= | sort; pwd\ncat >/dev/null\n' >hook
  $ nixie -q subscriber remove --list news '"o;x y"@example.com'
  $ rm told; SECRET=1 nixie run; cat told
  1 hook call, 1 mail waits
  LC_ALL=C.UTF-8
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  PWD=/
  TZ=UTC
  /
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]

It fails: the first line that it said is kept, the exit status tells, and the next run is too early.

  $ printf '#!/bin/sh\necho "to stdout"; echo "no \033[31mconnection" >&2\necho more >&2\nexit 75\n' >hook
  $ nixie -q subscriber restore --list news '"o;x y"@example.com'
  $ nixie run --now 2030-01-01T00:00:00
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: $DIR/hook: it ended with status 75: no \x{1B}[31mconnection
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ nixie outbox
  7  warn bob@example.com (news)
        since TODAY, tried 0 times, next TODAY
  11  tell the hook: add "o;x y"@example.com (news)
        since 2030-01-01 00:00, tried 1 time, next 2030-01-01 00:01
        $DIR/hook: it ended with status 75: no [31mconnection
  $ nixie run --now 2030-01-01T00:00:59
  1 hook call waits, 1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ nixie -q run --now 2030-01-01T00:01:01
  [75]
  $ nixie outbox | grep tried
        since TODAY, tried 0 times, next TODAY
        since 2030-01-01 00:00, tried 2 times, next 2030-01-01 00:03
  $ nixie run --now 2030-02-05
  1 put off, 1 mail waits, 1 given up
  ! nixie: $DIR/hook: it ended with status 75: no \x{1B}[31mconnection
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ nixie outbox | grep tried
        since TODAY, tried 0 times, next TODAY
        since 2030-01-01 00:00, tried 3 times, given up 2030-02-05 00:00
  $ nixie run --now 2030-03-05
  1 mail waits, 1 given up
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  $ nixie outbox drop 11
  $ nixie run --now 2030-03-05
  1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]

It says nothing, is not there, dies, writes without an end.

  $ nixie -q subscriber remove --list news '"o;x y"@example.com'
  $ printf '#!/bin/sh\nexit 1\n' >hook; nixie run --now 2030-03-06
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: $DIR/hook: it ended with status 1
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ printf '#!/bin/sh\nkill -9 $$\n' >hook; nixie run --now 2030-03-08
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: $DIR/hook: it was ended by signal 9
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ printf '#!/bin/sh\nhead -c 3000000 /dev/urandom >&2\nexit 3\n' >hook; nixie run --now 2030-03-10 2>&1 | grep -c '^nixie: .*/hook: it ended with status 3: '
  1
  $ rm hook; nixie run --now 2030-03-12
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: $DIR/hook: it cannot be started: Failed to execute child process “$DIR/hook” (No such file or directory)
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]

It hangs, with a child that holds on to its output: the whole group is killed.

  $ printf '\n[run]\nhook-seconds = 1\n' >>.nixie.conf
  $ printf '#!/bin/sh\nsleep 1000 & echo $! >"%s/pid"\necho waiting >&2\nsleep 1000\n' "$PWD" >hook; chmod +x hook
  $ nixie run --now 2030-03-14
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: $DIR/hook: it did not end within 1 s and was killed: waiting
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ case "$(sed -n 's/^State:.\(.\).*/\1/p' "/proc/$(cat pid)/status" 2>/dev/null)" in ''|Z) echo gone;; *) echo alive;; esac
  gone

One that leaves a daemon behind is not waited for.

  $ printf '#!/bin/sh\ncat >/dev/null\nsleep 5 &\nexit 0\n' >hook
  $ nixie run --now 2030-03-16
  1 hook call, 1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]

The hook is taken away from the configuration: what waits says so.

  $ printf '#!/bin/sh\nexit 1\n' >hook
  $ nixie -q subscriber restore --list news '"o;x y"@example.com'
  $ nixie -q run --now 2031-01-01
  [75]
  $ sed -i '/^hook =/d' .nixie.conf
  $ nixie run --now 2031-01-03
  1 put off, 1 hook call waits, 1 mail waits
  ! nixie: list news has no hook any more; see [list news] hook
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  ! nixie: see nixie outbox for what was put off or given up
  [75]

Wrong configurations are found before anything is done.

  $ printf '[list news]\nhook = relative/path\n' >wrong.conf; nixie --config wrong.conf run
  ! nixie: wrong.conf:2: hook is no full path; write hook = /usr/lib/nixie/mailman3
  [78]
  $ printf '[list news]\nhook = /bin/true "open\n' >wrong.conf; nixie --config wrong.conf run
  ! nixie: wrong.conf:2: hook is no command; a quote is not closed
  [78]
  $ printf '[list news]\nowner = nobody\n' >wrong.conf; nixie --config wrong.conf run
  ! nixie: wrong.conf:2: owner is no mail address (local@domain)
  [78]
  $ printf '[run]\nhook-seconds = 0\n' >wrong.conf; nixie --config wrong.conf run
  ! nixie: wrong.conf:2: hook-seconds is no number from 1 to 3600
  [78]
  $ printf '[notices]\nsendmial = /x\n' >wrong.conf; nixie --config wrong.conf run
  ! nixie: wrong.conf:2: unknown key "sendmial"; did you mean "sendmail"?; known is: sendmail, templates, language, digest-days
  [78]
