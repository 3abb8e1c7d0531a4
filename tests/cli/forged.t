Forged reports: what is recorded, what changes, and what why says.

%mask (?<=since )20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY
%mask \d\.\d\d today => N today
%mask ^(  active +)0\.[1-9]\d => \1N

Anybody can write to the bounce address. Here the list sends with keys.

  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [verp]
  > key-file = $PWD/keys
  > END
  $ nixie verp key -q --key-file keys
  $ nixie list add news news@lists.example.org; nixie list add talk talk@lists.example.org
  $ nixie -q subscriber add --list news victim@example.com reader@example.com
  $ nixie -q subscriber add --list talk victim@example.com
  $ for day in 10 11 12; do
  >   $CASES/make-bounce victim@example.com "$day Nov 2026" failed 5.1.1 '550 5.1.1 xyzzy' | nixie deliver
  >   $CASES/make-bounce victim@example.com "$day Nov 2026" failed 5.1.1 '550 5.1.1 xyzzy' 'news-bounces+victim=example.com@lists.example.org' | nixie deliver
  > done
  $ nixie why victim@example.com --list news
  victim@example.com

  news: active
    Score 0.00; 2.50 suspends.
    A report needs the proof "signed" to count, if it came in since TODAY.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2026-11-10  permanent  user-unknown    550 5.1.1   original       -   0.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
                note  proven too weakly for this list
    2026-11-10  permanent  user-unknown    550 5.1.1   original       -   0.00
                note  proven too weakly for this list
    2026-11-11  permanent  user-unknown    550 5.1.1   original       -   0.00
                note  proven too weakly for this list
    2026-11-11  permanent  user-unknown    550 5.1.1   original       -   0.00
                note  proven too weakly for this list
    2026-11-12  permanent  user-unknown    550 5.1.1   original       -   0.00
                note  proven too weakly for this list
    2026-11-12  permanent  user-unknown    550 5.1.1   original       -   0.00
                note  proven too weakly for this list

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  reader@example.com
  active      0.00  -           news  victim@example.com
  active      0.00  -           talk  victim@example.com

A delivery that is claimed heals nobody, a complaint unsubscribes nobody, and no proposal gets better by it.

  $ $CASES/make-bounce victim@example.com '13 Nov 2026' delivered 2.1.5 '250 2.1.5 xyzzy' | nixie deliver
  $ $CASES/make-bounce victim@example.com '13 Nov 2026' failed 5.1.6 '551 5.1.6 please try <thief@example.net>' | nixie deliver
  $ nixie forward list --list news | grep Proof
    Proof     original
  $ nixie why victim@example.com --list news | grep -c 'proven too weakly'
  8

A valid token is its reader's; it does not get another one suspended, and a flood with it counts once.

  $ path=$(nixie verp make --list news reader@example.com); echo "$path" >path
  $ for day in 10 11 12 13 14; do
  >   $CASES/make-bounce victim@example.com "$day Nov 2026" failed 5.1.1 '550 5.1.1 xyzzy' "$(cat path)" | nixie deliver
  > done
  $ nixie why reader@example.com | sed -n '2,4p; s/^.* note  //p'

  news: active
    Score 1.00 on 2026-11-10, N today; 2.50 suspends.
  came in with one that counts
  came in with one that counts
  came in with one that counts
  came in with one that counts
  $ nixie subscriber list --list news
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.82  -           news  reader@example.com
  active      0.00  -           news  victim@example.com

A token of another list, an old one, a made-up one: an event, and why it counts for nothing.

  $ nixie verp make --list talk victim@example.com | sed 's/talk-/news-/' >other
  $ sed 's/\(.*+\)\(.\{14\}\).\{3\}/\1\2zzz/' path >made-up
  $ for path in other made-up; do
  >   for day in 15 16 17; do
  >     $CASES/make-bounce victim@example.com "$day Nov 2026" failed 5.1.1 "550 5.1.1 $path" "$(cat $path)" | nixie deliver
  >   done
  > done
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.82  -           news  reader@example.com
  active      0.00  -           news  victim@example.com
  active      0.00  -           talk  victim@example.com
  $ nixie check --json - <<END | sed 's/.*\("proof".*\)/\1/'
  > $($CASES/make-bounce victim@example.com '15 Nov 2026' failed 5.1.1 '550 5.1.1 xyzzy' "$(cat other)")
  > END
  "proof":"claim","rule":"RFC 3463 3.2","defects":"verp-other-list"}

An old one, of the day it was made a valid one.

  $ cp $CASES/../../fixtures/verp/keys old-keys; chmod 600 old-keys; cp keys new-keys; cat old-keys >keys
  $ nixie verp open 'news-bounces+1am7q89z56wt51kx1-joan=post.example@lists.example.org' | grep Result
    Result      expired: It is older than the age limit: somebody may have kept
  ! nixie: news-bounces+1am7q89z56wt51kx1-joan=post.example@lists.example.org proves nothing
  $ nixie check --json $CASES/../../fixtures/mail/return-path/expired.eml | sed 's/.*"recipient":"\([^"]*\)".*\("proof".*\)/\1 \2/'
  joan@post.example "proof":"claim","rule":"smtp-no-such-user","defects":"verp-expired"}
  $ nixie -q subscriber add --list news 'joan@post.example'
  $ for day in 15 16 17; do sed "s/^Date:.*/Date: $day Nov 2026 12:00:00 +0000/; s/^Message-ID: */&<$day@x.example> /" $CASES/../../fixtures/mail/return-path/expired.eml | nixie deliver; done
  $ nixie why 'joan@post.example' --list news | grep 'note\|^news'
  news: active
                note  proven too weakly for this list
                note  proven too weakly for this list
                note  proven too weakly for this list
  $ cp new-keys keys

The list may ask for less, or for more.

  $ nixie list show news
  news
    Address     news@lists.example.org
    Readers     3 active, 0 suspended, 0 removed
    Proof       at least signed, for what came in since TODAY (automatic: its
                return paths have keys)
    Complaint   unsubscribe
    Policy      preset nixie, 0 keys set; see nixie policy
  $ nixie list set talk --proof claim; nixie list show talk | grep Proof
    Proof       at least claim
  $ nixie list set news --proof claim; nixie subscriber list --list news
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.87  -           news  joan@post.example
  active      0.82  -           news  reader@example.com
  active      0.00  -           news  victim@example.com
  $ nixie list set news --proof original; nixie list set news --proof auto
  $ nixie list set news --proof signed --since 2026-01-01; nixie list show news | grep Proof
    Proof       at least signed, for what came in since TODAY
  $ nixie list set news --proof sinned
  ! nixie: unknown level of proof "sinned"; did you mean "signed"?
  ! Try "nixie list --help".
  [64]
  $ nixie list set news --since 2026-01-01
  ! nixie: --since goes with --proof only
  ! Try "nixie list --help".
  [64]
  $ nixie list set news --proof signed --since today
  ! nixie: "today" is no date; write YYYY-MM-DD
  ! Try "nixie list --help".
  [64]
  $ nixie list set news
  ! nixie: nothing is to be set; give --proof or --complaint
  ! Try "nixie list --help".
  [64]
  $ nixie list set nosuch --proof signed
  ! nixie: there is no list "nosuch"; see nixie list, and nixie list add
  [66]
