Undo: what reports did is taken back, by address, change, domain and run; and so is the undo.

%mask (?<=  )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=  (step|run)) => TODAY
%mask (?<=\d  )20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY
%mask ^20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY

  $ nixie list add news news@lists.example.org
  $ nixie -q subscriber add --list news joan@post.example otto@post.example elli@elsewhere.example
  $ for who in joan@post.example otto@post.example elli@elsewhere.example; do for day in 01 02 03; do echo 'From x Thu Jan  2 00:00:00 2020'
  >   $CASES/make-bounce $who "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy'; echo; done; done >mbox
  $ nixie -q scan mbox
  $ nixie subscriber list --state suspended
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-03  news  elli@elsewhere.example
  suspended   0.00  2020-01-03  news  joan@post.example
  suspended   0.00  2020-01-03  news  otto@post.example
  $ nixie undo --runs
  TODAY  run 1  9 messages: scan mbox

What would change is told before it is done.

  $ nixie undo --domain post.example --since 2020-01-03 --dry-run
  suspended -> active      2.97 ->  1.99  news  joan@post.example
  suspended -> active      2.97 ->  1.99  news  otto@post.example
  ! nixie: 2 reports would be set aside, 2 subscriptions would change; nothing was done
  $ nixie undo --domain post.example
  ! nixie: --domain needs --since TIME, so that years of good reports are not taken back with it
  ! Try "nixie undo --help".
  [64]
  $ nixie undo --domain post.example --since yesterday
  ! nixie: "yesterday" is no date; write 2026-11-23 or 2026-11-23T14:05:00Z
  ! Try "nixie undo --help".
  [64]
  $ nixie undo --domain post.example --since 2020-01-03
  suspended -> active      2.97 ->  1.99  news  joan@post.example
  suspended -> active      2.97 ->  1.99  news  otto@post.example
  ! nixie: step 1: 2 reports set aside, 2 subscriptions changed; nixie undo 1 takes that back
  $ nixie subscriber list --state suspended
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-03  news  elli@elsewhere.example
  $ nixie why joan@post.example
  joan@post.example

  news: active
    Score 1.99 on 2020-01-02, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-01  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
    2020-01-02  permanent  user-unknown    550 5.1.1   original   +1.00   1.99
    2020-01-03  permanent  user-unknown    550 5.1.1   original       -   1.97
                note  set aside by step 1

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.
  $ nixie undo 1; nixie subscriber list --state suspended
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-03  news  elli@elsewhere.example
  suspended   0.00  2020-01-03  news  joan@post.example
  suspended   0.00  2020-01-03  news  otto@post.example
  ! nixie: step 1 is taken back

One address, and one change.

  $ nixie undo otto@post.example
  suspended -> active      2.97 ->  0.00  news  otto@post.example
  ! nixie: step 3: 3 reports set aside, 1 subscription changed; nixie undo 3 takes that back
  $ nixie undo otto@post.example
  ! nixie: there is nothing to take back
  $ nixie undo nobody@post.example
  ! nixie: nobody@post.example is on no list
  [66]
  $ nixie undo --transition 4711
  ! nixie: there is no change 4711; nixie why ADDRESS shows those of an address
  [66]
  $ nixie undo --transition two
  ! nixie: "two" is no number of a change; nixie undo and nixie why show them
  ! Try "nixie undo --help".
  [64]
  $ n=$(nixie why joan@post.example | sed -n 's/.*change \([0-9]*\)).*/\1/p'); nixie undo --transition $n
  suspended -> active      2.97 ->  0.00  news  joan@post.example
  ! nixie: step 4: 3 reports set aside, 1 subscription changed; nixie undo 4 takes that back

A run, and back again.

  $ nixie undo --run 1 -n | tail -1; nixie undo --run 1
  suspended -> active      2.97 ->  0.00  news  elli@elsewhere.example
  suspended -> active      2.97 ->  0.00  news  elli@elsewhere.example
  ! nixie: 3 reports would be set aside, 1 subscription would change; nothing was done
  ! nixie: step 5: 3 reports set aside, 1 subscription changed; nixie undo 5 takes that back
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  elli@elsewhere.example
  active      0.00  -           news  joan@post.example
  active      0.00  -           news  otto@post.example
  $ nixie undo --run 2
  ! nixie: there is no run 2; nixie undo --runs lists them
  [66]
  $ nixie undo
  TODAY  step 1  reports were set aside: domain post.example, since 2020-01-03; taken back by step 2
  TODAY  step 2  took back step 1
  TODAY  step 3  reports were set aside: otto@post.example (news)
  TODAY  step 4  reports were set aside: joan@post.example (news)
  TODAY  step 5  reports were set aside: run 1

Two ways at once are none.

  $ nixie undo 1 --run 1
  ! nixie: one thing at a time: STEPs, one ADDRESS, --transition, or --run and --domain
  ! Try "nixie undo --help".
  [64]
  $ nixie undo joan@post.example otto@post.example
  ! nixie: one thing at a time: STEPs, one ADDRESS, --transition, or --run and --domain
  ! Try "nixie undo --help".
  [64]
  $ nixie undo --since 2020-01-01
  ! nixie: --since and --until go with --domain or --run
  ! Try "nixie undo --help".
  [64]
