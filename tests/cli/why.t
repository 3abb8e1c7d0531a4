why: the whole story of an address.

%mask on 20(?!20)\d\d-\d\d-\d\d, \d\.\d\d today => on DAY, SO MUCH today
%mask (?<=ends on )\d{4}-\d\d-\d\d => SOON

  $ nixie list add news news@lists.example.org; nixie list add other other@lists.example.org
  $ printf 'address,name\nreader@example.com,Jane Reader\n' | nixie -q subscriber import - --list news
  $ nixie -q subscriber add reader@example.com --list other
  $ cat >archive.sh <<'END'
  > bounce () { echo 'From x@y Fri Jan 10 12:00:00 2020'; $CASES/make-bounce "$@"; echo; }
  > bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy'
  > bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy, and once more'
  > bounce reader@example.com '11 Jan 2020' failed 5.7.1 '550 5.7.1 xyzzy'
  > bounce reader@example.com '12 Jan 2020' failed 4.2.2 '452 4.2.2 xyzzy'
  > bounce reader@example.com '13 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy'
  > bounce reader@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.com>'
  > END
  $ sh archive.sh >archive.mbox
  $ nixie scan -q archive.mbox
  $ nixie why reader@example.com | grep -v '  rule  smtp'
  reader@example.com

  news: suspended since 2020-01-14 (Jane Reader)
    Score 3.04 on 2020-01-14, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
                said  550 5.1.1 xyzzy, and once more
                rule  RFC 3463 3.2
    2020-01-10  permanent  user-unknown    550 5.1.1   original       -   1.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
                note  same day as one that counts
    2020-01-11  blocked    policy          550 5.7.1   original       -   0.99
                said  550 5.7.1 xyzzy
                rule  RFC 3463 3.8
                note  blocked never counts
    2020-01-12  transient  mailbox-full    452 4.2.2   original   +0.10   1.08
                said  452 4.2.2 xyzzy
                rule  RFC 3463 3.3
    2020-01-13  permanent  user-unknown    550 5.1.1   original   +1.00   2.06
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
    2020-01-14  permanent  moved           551 5.1.6   original   +1.00   3.04
                said  551 5.1.6 please try <new@example.com>

    CHANGES
    2020-01-14  active -> suspended: the score reached the threshold (score 3.04; change 1)

    NEW ADDRESSES OFFERED
    2020-01-14  new@example.com  (proposal 1)
                said  551 5.1.6 please try <new@example.com>

    Next:  suspended until a report says that mail was delivered to the address,
           or the reader answers a warning; then it is active again. With the next
           nixie run the reader gets a warning (1 of 3). If nothing comes in, the
           subscription ends on SOON.

  other: active
    Score 0.00; 2.50 suspends.

    No report has come.

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.

A delivery heals.

  $ $CASES/make-bounce reader@example.com '20 Jan 2020' delivered 2.1.5 '250 2.1.5 xyzzy' | nixie deliver
  $ nixie why reader@example.com --list news | sed -n '2,4p; /2020-01-20/,$p'

  news: active since 2020-01-20 (Jane Reader)
  news: active since 2020-01-20 (Jane Reader)
    Score 0.00 on 2020-01-20, 0.00 today; 2.50 suspends.
    Score 0.00 on 2020-01-20, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
                said  550 5.1.1 xyzzy, and once more
                rule  RFC 3463 3.2
    2020-01-10  permanent  user-unknown    550 5.1.1   original       -   1.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
                note  same day as one that counts
    2020-01-11  blocked    policy          550 5.7.1   original       -   0.99
                said  550 5.7.1 xyzzy
                rule  RFC 3463 3.8
                note  blocked never counts
    2020-01-12  transient  mailbox-full    452 4.2.2   original   +0.10   1.08
                said  452 4.2.2 xyzzy
                rule  RFC 3463 3.3
    2020-01-13  permanent  user-unknown    550 5.1.1   original   +1.00   2.06
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
    2020-01-14  permanent  moved           551 5.1.6   original   +1.00   3.04
                said  551 5.1.6 please try <new@example.com>
                rule  smtp-moved-status
    2020-01-20  benign     accepted        250 2.1.5   original       -   0.00
                kind  delivered
                said  250 2.1.5 xyzzy
                rule  RFC 3464 2.3.3
                note  delivery heals

    CHANGES
    2020-01-14  active -> suspended: the score reached the threshold (score 3.04; change 1)
    2020-01-20  suspended -> active: mail was delivered (score 0.00; change 2)

    NEW ADDRESSES OFFERED
    2020-01-14  new@example.com  (proposal 1)
                said  551 5.1.6 please try <new@example.com>
                rule  smtp-moved-status

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.

Of one list only; and of an address that is on none.

  $ nixie why READER@example.com --list other
  READER@example.com

  other: active
    Score 0.00; 2.50 suspends.

    No report has come.

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.
  $ $CASES/make-bounce stranger@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' | nixie deliver
  $ nixie why stranger@example.com
  stranger@example.com

  No subscriber of any list. Reports on this address:

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  permanent  user-unknown    550 5.1.1   original       -   0.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
  $ nixie why nobody@example.com
  ! nixie: nothing is known of nobody@example.com: no subscription and no report; is it spelled right, and is this the right --database?
  [66]
  $ nixie why reader@example.com --list nosuch
  ! nixie: there is no list "nosuch"; see nixie list, and nixie list add
  [66]
  $ nixie why reader@example.com --database nosuch.db
  ! nixie: there is no database nosuch.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  [66]

forward: the proposals, with their evidence.

  $ nixie forward list --state all | grep -v Rule
  1  reader@example.com -> new@example.com
    List      news
    Date      2020-01-14
    Said      551 5.1.6 please try <new@example.com>
    Proof     original
    State     expired
    Cannot    it is expired: no report has offered it for a long time
  $ nixie forward --list other
  ! nixie: no proposal is open
  $ nixie forward --list nosuch
  ! nixie: there is no list "nosuch"; see nixie list, and nixie list add
  [66]

What a mail says does nothing to a terminal.

  $ $CASES/make-bounce 'evil@example.com' '10 Jan 2020' failed 5.1.6 "$(printf '551 5.1.6 \033[2J\342\200\256 please try <n\033@example.com>')" | nixie deliver
  $ (nixie why evil@example.com; nixie forward --state all) | LC_ALL=C grep -c '[^ -~]'
  0
  [1]

What comes next for presets, and for a policy that asks for more failures than the score does.

  $ cat >next <<'END'
  > # next LINE...: the policy has these lines; what why says of reader2, who failed once a month ago.
  > { printf '[nixie]\nrules = %s\n[policy]\n' "$PWD/.rules"; printf '%s\n' "$@"; } >next.conf
  > nixie -q --config next.conf policy replay >/dev/null
  > nixie why reader2@example.com | sed -n '/Score/p; /Next/,$p'
  > END
  $ nixie -q subscriber add reader2@example.com --list news
  $ $CASES/make-bounce reader2@example.com "$(date -u -d '30 days ago' '+%d %b %Y')" failed 5.1.1 '550 5.1.1 xyzzy' | nixie -q scan -
  $ sh next 'min-days = 6'
    Score 1.00 on DAY, SO MUCH today; 2.50 suspends.
    Next:  permanent failures on 5 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.
  $ sh next 'threshold = 0'
    Score 1.00 on DAY, SO MUCH today.
    Next:  permanent failures on 100 more days in a row would change nothing;
           without failures the score halves every 60 days, and a delivery report
           sets it to 0.
  $ sh next 'heal = no' 'half-life-days = 0'
    Score 1.00 on DAY, SO MUCH today; 2.50 suspends.
    Next:  permanent failures on 2 more days in a row would suspend it.
  $ sh next 'preset = mailman3'
    Score 1.00 on DAY, SO MUCH today; 5.00 suspends.
    Next:  permanent failures on 5 more days in a row would suspend it.
  $ sh next 'preset = listmonk' 'soft-count = 1'
    Score 1.00 on DAY, SO MUCH today.
    Next:  suspended until nixie subscriber restore.
  $ sh next 'preset = listserv'
    Score 1.00 on DAY, SO MUCH today.
    Next:  permanent failures on 1 more day in a row would end it.
  $ sh next 'preset = record-only'
    Score 0.00.
    Next:  nothing; this policy never suspends.

Many events: the last few.

  $ for day in $(seq 10 20); do echo 'From x@y Fri Jan 10 12:00:00 2020'; $CASES/make-bounce reader2@example.com "$day Jan 2019" failed 5.7.1 '550 5.7.1 xyzzy'; echo; done | nixie -q scan -
  $ nixie why reader2@example.com | grep -c '^  20'
  8
  $ nixie why reader2@example.com | grep earlier
    ... 4 earlier events; --all shows them
  $ nixie why --all reader2@example.com | grep -c '^  20'
  12
