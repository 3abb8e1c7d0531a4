Policies: what is configured, what is in force, what another one would change.

  $ nixie policy
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes
  There is no database yet: this is what the configuration says.

    all as by default; --all shows it
  $ printf '[policy]\nthreshold = 4\n# the preset goes first wherever it stands\npreset = nixie\n\n[policy other]\npreset = mailman3\nbounce-score-threshold = 2\n' >p.conf
  $ nixie policy --config p.conf
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes
  There is no database yet: this is what the configuration says.

    preset = nixie                          p.conf:4
        whose arithmetic: it sets all other keys, which then stand above it
    threshold = 4                           p.conf:2
        the score that suspends; 0: none does
  $ nixie list add news; nixie list add talk
  $ nixie subscriber add dead@example.com full@example.com --list news >/dev/null
  $ nixie subscriber add dead@example.com --list talk >/dev/null
  $ mkdir mail; for day in 10 11 12; do $CASES/make-bounce dead@example.com "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy' >mail/dead$day.eml; $CASES/make-bounce full@example.com "$day Jan 2020" failed 4.2.2 '452 4.2.2 xyzzy' >mail/full$day.eml; done
  $ nixie scan mail --list news --quiet >/dev/null; sed -i '/^Message-ID: <[0-9]/s/</<talk/' mail/dead1?.eml; nixie scan mail/dead1?.eml --list talk --quiet >/dev/null
  $ nixie subscriber
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-12  news  dead@example.com
  active      0.00  -           news  full@example.com
  suspended   0.00  2020-01-12  talk  dead@example.com

In force is what it was when the list was made; the configuration says something else by now.

  $ nixie policy --config p.conf
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes

    preset = nixie                          p.conf:4
        whose arithmetic: it sets all other keys, which then stand above it

  The configuration says something else:
    threshold = 4 (p.conf:2); in force is 2.5
  nixie policy compare says whom that would change; nixie policy replay puts it in force.
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie policy compare --config p.conf
  news  dead@example.com  suspended 2.97 -> active 2.97
    now   the score reached the threshold
    then  it stays active
  news: 1 of 2 subscribers with reports
    suspended -> active: 1
  talk  dead@example.com  suspended 2.97 -> active 2.97
    now   the score reached the threshold
    then  it stays active
  talk: 1 of 1 subscriber with reports
    suspended -> active: 1
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie policy compare --config p.conf --list talk --json
  {"list":"talk","address":"dead@example.com","state":"suspended","score":2.965674,"cause":"the score reached the threshold","then_state":"active","then_score":2.965674}
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie policy replay --dry-run --config p.conf
  news: 1 of 2 subscribers with reports
    suspended -> active: 1
  talk: 1 of 1 subscriber with reports
    suspended -> active: 1
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie subscriber | grep -c suspended
  2
  $ nixie policy replay --config p.conf
  news: 1 of 2 subscribers with reports
    suspended -> active: 1
  talk: 1 of 1 subscriber with reports
    suspended -> active: 1
  What is configured is in force now; nixie undo 1 takes that back.
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie subscriber
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  dead@example.com
  active      0.00  -           news  full@example.com
  active      0.00  -           talk  dead@example.com
  $ nixie policy --config p.conf
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes

    preset = nixie                          p.conf:4
        whose arithmetic: it sets all other keys, which then stand above it
    threshold = 4                           p.conf:2
        the score that suspends; 0: none does
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ nixie policy
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes

    threshold = 4                           in force
        the score that suspends; 0: none does

  The configuration says something else:
    threshold = 2.5 (default); in force is 4
  nixie policy compare says whom that would change; nixie policy replay puts it in force.
  $ nixie policy replay --config p.conf
  news: nothing changes for any of 2 subscribers with reports
  talk: nothing changes for any of 1 subscriber with reports
  What is configured was in force already.
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list

It can be taken back.

  $ nixie undo | sed "s/^$(date -u +%F)/TODAY/"
  TODAY  step 1  another policy came into force
  $ nixie undo 1
  ! nixie: step 1 is taken back
  $ nixie subscriber
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-12  news  dead@example.com
  active      0.00  -           news  full@example.com
  suspended   0.00  2020-01-12  talk  dead@example.com
  $ nixie policy
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes

    all as by default; --all shows it

One list's own policy; a file to try; a database that may only be read.

  $ printf '[policy talk]\npreset = record-only\nguard = yes\n' >talk.conf
  $ nixie policy compare --with talk.conf
  news: nothing changes for any of 2 subscribers with reports
  talk  dead@example.com  suspended 2.97 -> active 0.00
    now   the score reached the threshold
    then  it stays active
  talk: 1 of 1 subscriber with reports
    suspended -> active: 1
  $ nixie policy replay --config talk.conf --quiet
  news: nothing changes for any of 2 subscribers with reports
  talk: 1 of 1 subscriber with reports
    suspended -> active: 1
  What is configured is in force now; nixie undo 3 takes that back.
  $ nixie policy --config talk.conf
  lists without a policy of their own: preset nixie, a score that fades, healed
  by mail that comes through; suspends, warns, then removes

    all as by default; --all shows it

  With a policy of their own (nixie policy show --list NAME): talk
  $ nixie policy show --list talk --config talk.conf
  talk: preset record-only, events are kept and change no state

    preset = record-only                    talk.conf:2
        whose arithmetic: it sets all other keys, which then stand above it
    guard = yes                             talk.conf:3
        what an incident holds does not count
  $ nixie policy show --list TALK --config p.conf
  talk: preset record-only, events are kept and change no state

    preset = record-only                    in force
        whose arithmetic: it sets all other keys, which then stand above it
    guard = yes                             in force
        what an incident holds does not count

  The configuration says something else:
    preset = nixie (p.conf:4); in force is record-only
    complaint = unsubscribe (default); in force is record
  nixie policy compare says whom that would change; nixie policy replay puts it in force.
  ! nixie: p.conf:6: [policy other] is of no list; see nixie list
  $ printf '[policy]\npreset = mailman3\nbounce-score-threshold = 2\n' >mailman.conf
  $ NIXIE_DATABASE=none.db nixie policy show --all --config mailman.conf | sed -n 4,11p

    preset = mailman3                       mailman.conf:2
        whose arithmetic: it sets all other keys, which then stand above it
    remove = yes                            preset mailman3
        subscribers are removed, not only suspended and warned
    bounce-score-threshold = 2              mailman.conf:3
        the score that disables delivery
    bounce-info-stale-after-days = 7        preset mailman3
  $ nixie policy show --list talk --json --config talk.conf
  {"list":"talk","key":"preset","value":"record-only","origin":"configuration","place":"talk.conf:2","configured":"record-only","allowed":"nixie, mailman3, mailman2, sympa, mlmmj, ezmlm, listmonk, listserv or record-only","meaning":"whose arithmetic: it sets all other keys, which then stand above it"}
  {"list":"talk","key":"guard","value":"yes","origin":"configuration","place":"talk.conf:3","configured":"yes","allowed":"yes or no","meaning":"what an incident holds does not count"}
  $ nixie list show talk
  talk
    Address     none
    Readers     1 active, 0 suspended, 0 removed
    Proof       any (automatic; signed as soon as keyed return paths are in use)
    Complaint   record
    Policy      preset record-only, 1 key set, for this list; see nixie policy
  $ nixie list show news
  news
    Address     none
    Readers     1 active, 1 suspended, 0 removed
    Proof       any (automatic; signed as soon as keyed return paths are in use)
    Complaint   unsubscribe
    Policy      preset nixie, 0 keys set; see nixie policy

What is set for the list goes above.

  $ nixie list set talk --proof verp --complaint record
  $ nixie policy show --list talk --config talk.conf
  talk: preset record-only, events are kept and change no state

    preset = record-only                    talk.conf:2
        whose arithmetic: it sets all other keys, which then stand above it
    complaint = record                      nixie list set
        what a reader's complaint does
    least-proof = verp                      nixie list set
        what is proven less changes no state
    guard = yes                             talk.conf:3
        what an incident holds does not count
  $ nixie list show talk
  talk
    Address     none
    Readers     1 active, 0 suspended, 0 removed
    Proof       at least verp
    Complaint   record (set for this list)
    Policy      preset record-only, 1 key set, for this list; see nixie policy
  $ nixie list set talk --proof auto --complaint auto
  $ nixie list show talk
  talk
    Address     none
    Readers     1 active, 0 suspended, 0 removed
    Proof       any (automatic; signed as soon as keyed return paths are in use)
    Complaint   record
    Policy      preset record-only, 1 key set, for this list; see nixie policy

A new list gets what is configured then.

  $ printf '[policy]\nthreshold = 7\n[policy extra]\nmin-days = 1\n' >later.conf
  $ nixie list add extra --config later.conf; nixie list add plain --config later.conf
  $ nixie policy show --list extra --config later.conf
  extra: preset nixie, a score that fades, healed by mail that comes through;
  suspends, warns, then removes

    threshold = 7                           later.conf:2
        the score that suspends; 0: none does
    min-days = 1                            later.conf:4
        no suspension before reports counted on so many days (UTC)
  $ nixie policy show --list plain
  plain: preset nixie, a score that fades, healed by mail that comes through;
  suspends, warns, then removes

    threshold = 7                           in force
        the score that suspends; 0: none does

  The configuration says something else:
    threshold = 2.5 (default); in force is 7
  nixie policy compare says whom that would change; nixie policy replay puts it in force.
  $ nixie list add plain plain@lists.example.org; nixie policy show --list plain | sed -n 4p
    threshold = 7                           in force

What is wrong is told with file and line.

  $ cat >try.sh <<'END'
  > try () { printf "$@" >c.conf; nixie policy show --config c.conf 2>&1 | head -n 3; }
  > try '[policy]\ntreshold = 4\n'
  > try '[policy]\nthreshold = four\n'
  > try '[policy]\nthreshold =\n'
  > try '[policy]\nthreshold = 4\nthreshold = 5\n'
  > try '[policy]\npreset = mailman\n'
  > try '[policy]\npreset = mailman3\nthreshold = 5\n'
  > try '[policy ]\nthreshold = 5\n'
  > try '[policy news]\nthreshold = 5\n[policy NEWS]\nthreshold = 6\n'
  > try '[policies]\nthreshold = 5\n'
  > END
  $ sh try.sh
  nixie: c.conf:2: unknown key "treshold"; did you mean "threshold"?; nixie policy show --all lists what there is
  nixie: c.conf:2: threshold cannot be "four"; it is a number from 0 to 1000000
  nixie: c.conf:2: the value is empty; give one, or remove the line
  nixie: c.conf:3: threshold stands in line 2 already; remove one of them
  nixie: c.conf:2: preset cannot be "mailman"; it is nixie, mailman3, mailman2, sympa, mlmmj, ezmlm, listmonk, listserv or record-only
  nixie: c.conf:3: this preset has no key "threshold"; the preset mailman3 has: preset, remove, bounce-score-threshold, bounce-info-stale-after-days, bounce-you-are-disabled-warnings, bounce-you-are-disabled-warnings-interval-days, verp-probes, complaint, moved, least-proof, guard
  nixie: c.conf:1: the list has no name; write [policy NAME]
  nixie: c.conf:3: [policy NEWS] stands in line 1 already; remove one of them
  nixie: c.conf:1: unknown group "policies"; known is: nixie, verp, address, proof, forward, notices, run, privacy, serve, list NAME, policy, policy NAME
  $ nixie policy replay --list news
  ! nixie: replay puts the whole configuration in force; --list does not go with it
  ! Try "nixie policy --help".
  [64]
  $ nixie policy replay --json
  ! nixie: --json goes with show and compare only
  ! Try "nixie policy --help".
  [64]
  $ nixie policy show --dry-run
  ! nixie: --dry-run goes with replay only
  ! Try "nixie policy --help".
  [64]
  $ nixie policy compare --with nosuch.conf
  ! nixie: cannot read the configuration nosuch.conf: No such file or directory; see --config and NIXIE_CONFIG
  [78]
  $ nixie policy show --list other
  ! nixie: there is no list "other"; see nixie list, and nixie list add
  [66]
  $ nixie policy change
  ! nixie: unknown "policy" command "change"
  ! Try "nixie policy --help".
  [64]
