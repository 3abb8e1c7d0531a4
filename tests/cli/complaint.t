Complaints: what a feedback report does.

%mask (?<=since )20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY
%mask (?<=  )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=  (news|step)) => TODAY

  $ cat >arf <<'END'
  > cat <<MAIL
  > Return-Path: <>
  > From: feedback@provider.example
  > To: news-bounces@lists.example.org
  > Subject: complaint
  > Date: $3 Jan 2020 12:00:00 +0000
  > Message-ID: <$1.$3@provider.example>
  > MIME-Version: 1.0
  > Content-Type: multipart/report; report-type=feedback-report; boundary=b
  >
  > --b
  > Content-Type: text/plain
  >
  > This is an email abuse report.
  > --b
  > Content-Type: message/feedback-report
  >
  > Feedback-Type: $1
  > User-Agent: x/1
  > Version: 1
  > Original-Rcpt-To: <redacted@provider.example>
  >
  > --b
  > Content-Type: message/rfc822
  >
  > Return-Path: <news-bounces+joan=post.example@lists.example.org>
  > From: editor@example.org
  > To: news@lists.example.org
  > Message-ID: <$2>
  > Subject: News
  >
  > hello
  > --b--
  > MAIL
  > END
  $ nixie list add news news@lists.example.org; nixie -q subscriber add --list news joan@post.example

What says no complaint does nothing, nor what is not proven.

  $ sh arf not-spam post1@lists.example.org 10 | nixie deliver
  $ sh arf virus post1@lists.example.org 11 | nixie deliver
  $ sh arf abuse post1@elsewhere.example 12 | nixie deliver
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  joan@post.example

A complaint ends the subscription, and nothing that comes later brings it back, but a person.

  $ sh arf abuse post1@lists.example.org 13 | nixie deliver
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  removed     0.00  2020-01-13  news  joan@post.example
  $ $CASES/make-bounce joan@post.example '14 Jan 2020' delivered 2.1.5 '250 2.1.5 xyzzy' | nixie deliver
  $ nixie why joan@post.example
  joan@post.example

  news: removed since 2020-01-13
    Score 0.00; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  benign     feedback        -           original       -   0.00
                kind  feedback
                rule  RFC 5965 2
                note  feedback that is no complaint never counts
    2020-01-11  benign     feedback        -           original       -   0.00
                kind  feedback
                note  feedback that is no complaint never counts
    2020-01-12  benign     feedback        -           claim          -   0.00
                kind  feedback
                note  a complaint that nothing proves
    2020-01-13  benign     feedback        -           original       -   0.00
                kind  feedback
                note  a complaint
    2020-01-14  benign     accepted        250 2.1.5   original       -   0.00
                kind  delivered
                said  250 2.1.5 xyzzy
                rule  RFC 3464 2.3.3
                note  the subscription had ended

    CHANGES
    2020-01-13  active -> removed: the reader complained (score 0.00; change 1)

    Next:  nothing; the subscription has ended. nixie subscriber restore brings it
           back.
  $ nixie subscriber restore joan@post.example
  ! nixie: step 1: joan@post.example is active
  $ nixie subscriber restore joan@post.example
  ! nixie: joan@post.example was active already
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  TODAY  news  joan@post.example
  $ nixie undo 1
  ! nixie: step 1 is taken back
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  removed     0.00  2020-01-13  news  joan@post.example

A list may be milder.

  $ nixie list set news --complaint suspend; nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-01-13  news  joan@post.example
  $ nixie why joan@post.example | tail -n 1
    Next:  suspended until nixie subscriber restore: the reader complained.
  $ nixie list set news --complaint record; nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  joan@post.example
  $ nixie list set news --complaint unsubscribe; nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  removed     0.00  2020-01-13  news  joan@post.example
  $ nixie list set news --complaint ignore
  ! nixie: unknown action "ignore"
  ! Try "nixie list --help".
  [64]

By hand.

  $ nixie -q subscriber add --list news gina@post.example
  $ nixie subscriber remove gina@post.example joan@post.example
  ! nixie: step 3: gina@post.example is removed
  ! nixie: joan@post.example was removed already
  $ nixie subscriber remove nobody@post.example gina@post.example
  ! nixie: nobody@post.example is no subscriber of news
  [66]
  $ nixie subscriber list --state removed | wc -l
  3
