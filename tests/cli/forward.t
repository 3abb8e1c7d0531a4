forward: the whole story of a new address: offered, asked, confirmed, changed, and taken back.

%mask \d{4}-\d\d-\d\d(?=  step) => TODAY
%mask (?<=since )20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY
%mask (?<=on )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=, ) => TODAY
%mask (?<=  )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=  (news|suspended|active|removed)) => TODAY
%mask ^(  +)20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=  benign) => \1TODAY
%mask confirm-[0-9a-hjkmnp-tv-z]{24} => confirm-TOKEN
%mask ^Date: .* => Date: NOW
%mask ^Message-Id: <\d+\.[0-9a-f]{16}@ => Message-Id: <ID@

  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [forward]
  > expire-days = 3650
  > END
  $ nixie list add news news@lists.example.org
  $ nixie -q subscriber add --list news reader@example.com other@example.com
  $ cat >bounce <<'END'
  > $CASES/make-bounce "$@" | nixie deliver
  > END
  $ $CASES/make-bounce reader@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>' | nixie -q scan -
  $ $CASES/make-bounce reader@example.com '15 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>' | nixie -q scan -
  $ $CASES/make-bounce reader@example.com '16 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>' | nixie -q scan -
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  other@example.com
  suspended   0.00  2020-01-16  news  reader@example.com
  $ nixie forward
  1  reader@example.com -> new@example.net
    List      news
    Date      2020-01-14, last on 2020-01-16
    Said      551 5.1.6 please try <new@example.net>
    Rule      smtp-moved-status
    Proof     original

Asking: the mail goes to stdout, and tells nobody but its reader the token.

  $ nixie forward confirm 1 >mail.txt
  ! nixie: step 1: new@example.net is to be sent the mail above, and has 7 days to answer
  ! nixie: the proof is "original" only: whoever wrote the report may be who reads the new address
  $ cat mail.txt
  Date: NOW
  From: news <news-bounces+confirm-TOKEN@lists.example.org>
  Reply-To: news-bounces+confirm-TOKEN@lists.example.org
  Subject: news: is this your address now? [confirm-TOKEN]
  To: new@example.net
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hello,

  the mailing list news <news@lists.example.org> has a reader

      reader@example.com

  Mail to that address came back, with the note that its reader is now to be
  found at your address:

      new@example.net

  Is that you, and would you like to get the list's mail here?

    Yes:  Answer this mail, within 7 days. You need not write anything.
    No, or you know nothing of it:  Do nothing. Nothing will change, and nobody
          will ask you again because of this mail.

  Should your mail program not answer to the right place, the address is

      news-bounces+confirm-TOKEN@lists.example.org

  $ sed -n 's/^From: .*<\(.*\)>/\1/p' mail.txt >token
  $ grep -q "$(sed 's/.*confirm-//; s/@.*//' token)" nixie.db
  [1]
  $ nixie forward list | tail -n 1
    State     asked

What programs answer confirms nothing, nor does a made-up token.

  $ cat >answer <<'END'
  > printf 'From: <new@example.net>\nTo: %s\nSubject: Re: news: is this your address now?\n%s\n\nyes\n' "$1" "$2"
  > END
  $ sh answer "$(cat token)" 'Auto-Submitted: auto-replied' | nixie deliver
  $ sh answer "$(cat token)" 'Precedence: bulk' | nixie deliver
  $ sh answer "$(cat token)" 'Return-Path: <>' | nixie deliver
  $ sh answer news-bounces+confirm-0123456789abcdefghjkmnpq@lists.example.org 'X-A: b' | nixie -v deliver 2>&1 | grep token
  nixie: no proposal waits for this token: it was used, replaced or taken back, or is none
  $ nixie forward list | tail -n 1
    State     asked

The answer of a person does, in whatever case it comes back; it does so once.

  $ sh answer "$(tr a-z A-Z <token)" 'X-A: b' >answer.eml
  $ nixie deliver <answer.eml
  $ nixie deliver --not-a-bounce 99 <answer.eml
  [99]
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  TODAY  news  new@example.net
  active      0.00  -           news  other@example.com
  $ nixie why new@example.net | grep -v '^  *said\|^  *rule'
  new@example.net

  news: active since TODAY
    Score 0.00 on TODAY, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-14  permanent  moved           551 5.1.6   original   +1.00   1.00
             address  reader@example.com
    2020-01-15  permanent  moved           551 5.1.6   original   +1.00   1.99
             address  reader@example.com
    2020-01-16  permanent  moved           551 5.1.6   original   +1.00   2.97
             address  reader@example.com

    CHANGES
    2020-01-16  active -> suspended: the score reached the threshold (score 2.97; change 1)
    TODAY  suspended -> active: the address was changed (score 0.00; change 2)

    DECIDED
    TODAY  step 1  the new address was asked: new@example.net, proposal 1
    TODAY  step 2  the new address has confirmed: new@example.net, proposal 1
    TODAY  step 3  the address was changed: reader@example.com -> new@example.net, proposal 1

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.

  Reports on this address that no subscription has:

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    TODAY  benign     vacation        -           claim          -   0.00
                kind  vacation

The archive read once more, and late reports on the old address, change nothing.

  $ $CASES/make-bounce reader@example.com '16 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>' | nixie -q scan -
  $ sh bounce reader@example.com '17 Jan 2020' failed 5.1.6 '551 5.1.6 please try <third@example.net>'
  $ nixie subscriber show new@example.net
  new@example.net
    List      news
    State     active since TODAY
    Score     0.00 of 2.50
    Events    4
  $ nixie forward list
  ! nixie: no proposal is open

Taken back, all is as before but for the journal.

  $ nixie undo 3
  ! nixie: step 3 is taken back
  $ nixie undo
  TODAY  step 1  the new address was asked: reader@example.com, proposal 1 (news)
  TODAY  step 2  the new address has confirmed: reader@example.com, proposal 1 (news)
  TODAY  step 3  the address was changed: reader@example.com -> new@example.net, proposal 1; taken back by step 4 (news)
  TODAY  step 4  took back step 3: reader@example.com, proposal 1 (news)
  $ nixie undo 3
  ! nixie: step 3 was taken back already, by step 4
  [65]
  $ nixie undo 1
  ! nixie: step 2 rests on step 1; undo it first
  [65]
  $ nixie undo 2 1
  ! nixie: step 2 is taken back
  ! nixie: step 1 is taken back
  $ nixie undo 99
  ! nixie: there is no step 99; nixie why ADDRESS shows those of an address
  [66]
  $ nixie undo x
  ! nixie: "x" is no number of a step; nixie undo and nixie why show them
  ! Try "nixie undo --help".
  [64]
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  other@example.com
  suspended   0.00  2020-01-16  news  reader@example.com
  $ nixie forward list --state open
  1  reader@example.com -> new@example.net
    List      news
    Date      2020-01-14, last on 2020-01-16
    Said      551 5.1.6 please try <new@example.net>
    Rule      smtp-moved-status
    Proof     original

  2  reader@example.com -> third@example.net
    List      news
    Date      2020-01-17
    Said      551 5.1.6 please try <third@example.net>
    Rule      smtp-moved-status
    Proof     original

By hand: accept, reject, show; what is wrong with each is said.

  $ nixie forward accept 1 2
  ! nixie: step 7: reader@example.com is new@example.net on news from now on
  ! nixie: proposal 2 (new@example.net -> third@example.net): the subscription's address is new@example.net by now
  [65]
  $ nixie forward show 1
  1  reader@example.com -> new@example.net
    List      news
    Date      2020-01-14, last on 2020-01-16
    Said      551 5.1.6 please try <new@example.net>
    Rule      smtp-moved-status
    Proof     original
    State     accepted
    Step      TODAY  step 1  the new address was asked: new@example.net,
              proposal 1; taken back by step 6
    Step      TODAY  step 2  the new address has confirmed: new@example.net,
              proposal 1; taken back by step 5
    Step      TODAY  step 3  the address was changed: reader@example.com ->
              new@example.net, proposal 1; taken back by step 4
    Step      TODAY  step 4  took back step 3: new@example.net, proposal 1
    Step      TODAY  step 5  took back step 2: new@example.net, proposal 1
    Step      TODAY  step 6  took back step 1: new@example.net, proposal 1
    Step      TODAY  step 7  the address was changed: reader@example.com ->
              new@example.net, proposal 1
  $ nixie forward reject 2
  ! nixie: step 8: proposal 2 is rejected
  $ nixie forward accept 2 77
  ! nixie: proposal 2 (new@example.net -> third@example.net): it is rejected already; nixie undo takes that back
  ! nixie: there is no proposal 77; nixie forward list shows them
  [65]
  $ nixie forward accept
  ! nixie: the number of a proposal is missing
  ! Try "nixie forward --help".
  [64]
  $ nixie forward list --state opne
  ! nixie: unknown state "opne"; did you mean "open"?
  ! Try "nixie forward --help".
  [64]
  $ nixie forward accept --token x 1
  ! nixie: --token and --stdout go with confirm only
  ! Try "nixie forward --help".
  [64]
  $ nixie forward confirm --token nonsense
  ! nixie: "nonsense" is no token: those have 24 characters, behind "confirm-"
  [65]

A member already: the old subscription ends.

  $ nixie -q subscriber add --list news gerd@example.com gerd@example.net
  $ sh bounce gerd@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <gerd@example.net>'
  $ nixie forward list
  3  gerd@example.com -> gerd@example.net
    List      news
    Date      2020-01-14
    Said      551 5.1.6 please try <gerd@example.net>
    Rule      smtp-moved-status
    Proof     original
    Member    the new address is a subscriber already; accepting ends the old
              subscription
  $ nixie forward accept 3
  ! nixie: step 9: gerd@example.net was a subscriber of news already; gerd@example.com is none any more
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  removed     0.00  TODAY  news  gerd@example.com
  active      0.00  -           news  gerd@example.net
  active      0.00  TODAY  news  new@example.net
  active      0.00  -           news  other@example.com
  $ nixie -q undo 8; nixie subscriber list --state removed
  STATE      SCORE  SINCE       LIST  ADDRESS
  removed     0.00  TODAY  news  gerd@example.com

Loops, chains and our own domain are refused.

  $ nixie -q subscriber add --list news a@example.com b@example.com c@example.com
  $ sh bounce a@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <b@elsewhere.example>'
  $ sh bounce b@elsewhere.example '15 Jan 2020' failed 5.1.6 '551 5.1.6 please try <a@example.com>'
  $ sh bounce b@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <joan@lists.example.org>'
  $ sh bounce c@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <d@example.com>'
  $ sh bounce d@example.com '15 Jan 2020' failed 5.1.6 '551 5.1.6 please try <e@example.com>'
  $ for i in 4 6 7; do nixie forward accept $i; done
  ! nixie: proposal 4 (a@example.com -> b@elsewhere.example): a loop: b@elsewhere.example is said to have moved to the old address
  ! nixie: proposal 6 (b@example.com -> joan@lists.example.org): the new address lies in a domain of our own, that of list news
  ! nixie: proposal 7 (c@example.com -> d@example.com): a chain: the new address is said to have moved on to e@example.com
  [65]
  $ nixie forward confirm 6
  ! nixie: proposal 6 (b@example.com -> joan@lists.example.org): the new address lies in a domain of our own, that of list news
  [65]

The mail that asked came back: the proposal is open again.

  $ nixie -q subscriber add --list news f@example.com
  $ sh bounce f@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <g@example.com>'
  $ nixie -q forward confirm 9 >mail.txt
  $ sed -n 's/^From: .*<\(.*\)>/\1/p' mail.txt >token
  $ $CASES/make-bounce g@example.com '20 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' "$(cat token)" | nixie deliver
  $ nixie forward show 9
  9  f@example.com -> g@example.com
    List      news
    Date      2020-01-14
    Said      551 5.1.6 please try <g@example.com>
    Rule      smtp-moved-status
    Proof     original
    Cannot    mail to the new address has failed for good on 2020-01-20
    Step      TODAY  step 11  the new address was asked: f@example.com,
              proposal 9
    Step      TODAY  step 12  the mail that asked the new address came back:
              f@example.com, proposal 9
  $ nixie forward accept 9
  ! nixie: proposal 9 (f@example.com -> g@example.com): mail to the new address has failed for good on 2020-01-20
  [65]

A sendmail of the configuration gets the mail; when it fails, nobody was asked.

  $ cat >sendmail <<'END'
  > #!/bin/sh
  > echo "$@" >args.txt; cat >sent.txt; exit $(cat status)
  > END
  $ chmod +x sendmail; echo 0 >status; echo "sendmail = $PWD/sendmail -i -t" >>.nixie.conf
  $ nixie -q subscriber add --list news h@example.com
  $ sh bounce h@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <i@example.com>'
  $ nixie forward confirm 10; cat args.txt; grep '^To:' sent.txt
  -i -t -f news-bounces+confirm-TOKEN@lists.example.org
  To: i@example.com
  ! nixie: step 13: i@example.com was asked, and has 7 days to answer
  ! nixie: the proof is "original" only: whoever wrote the report may be who reads the new address
  $ echo 75 >status; nixie forward confirm 10; nixie forward show 10 | grep -c Step
  3
  ! nixie: $DIR/sendmail: it ended with status 75; the mail was not sent. See sendmail in the group [notices] of the configuration
  $ sed -i 's/^sendmail.*/sendmail = sendmail -t/' .nixie.conf; nixie forward confirm 10
  ! nixie: $DIR/.nixie.conf:5: sendmail is no full path; write sendmail = /usr/sbin/sendmail -i -t
  [78]

Answers in a folder are taken by scan, at an address of the site's own shape.

  $ sed -i '/^sendmail/d' .nixie.conf; printf '[list news]\nconfirm = news-answers-{token}@lists.example.org\n' >>.nixie.conf
  $ nixie -q subscriber add --list news k@example.com
  $ sh bounce k@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <l@example.com>'
  $ nixie -q forward confirm 11 >mail.txt; sed -n 's/^From: .*<\(.*\)>/\1/p' mail.txt >token; cat token
  news-answers-confirm-TOKEN@lists.example.org
  $ sh answer "$(cat token)" 'X-A: b' >answer.eml; nixie -q scan answer.eml
  $ nixie forward show 11 | grep State
    State     accepted
