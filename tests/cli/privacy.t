Privacy: what is held of an address, what is kept for how long, and forgetting.

  $ cat >purge.conf <<'END'
  > [privacy]
  > diagnostics-days = 30
  > addresses-days = 60
  > END
  $ nixie list add news news@lists.example.org
  $ nixie -q subscriber add --list news joan@post.example otto@post.example
  $ for who in joan@post.example otto@post.example; do for day in 01 02 03; do
  >   $CASES/make-bounce $who "$day Jan 2020" failed 5.1.1 "550 5.1.1 $who xyzzy" | nixie deliver; done; done
  $ $CASES/make-bounce nobody@elsewhere.example '04 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' | nixie deliver
  $ nixie subscriber export joan@post.example | python3 -c '
  > import json, sys
  > held = json.load(sys.stdin)
  > print({key: value if isinstance(value, str) else len(value) for key, value in held.items()})
  > print(held["subscriptions"][0]["state"], held["events"][2]["date"], held["events"][2]["weight"], held["events"][2]["diagnostic"])'
  {'address': 'joan@post.example', 'subscriptions': 1, 'events': 3}
  active 2020-01-03T12:00:00Z 0.0 550 5.1.1 joan@post.example xyzzy
  $ nixie subscriber export who@post.example
  ! nixie: nothing is held of who@post.example
  [66]

Without a word in the configuration everything is kept.

  $ nixie purge
  ! nixie: nothing is to be purged: the configuration has no [privacy] diagnostics-days or addresses-days
  $ nixie --config purge.conf purge --dry-run
  ! nixie: would be forgotten: 7 diagnostic texts, addresses in 7 reports, 0 subscriptions, 0 offers
  $ nixie --config purge.conf purge
  ! nixie: forgotten: 7 diagnostic texts, addresses in 7 reports, 0 subscriptions, 0 offers
  $ nixie --config purge.conf purge
  ! nixie: forgotten: 0 diagnostic texts, addresses in 0 reports, 0 subscriptions, 0 offers
  $ nixie why nobody@elsewhere.example
  ! nixie: nothing is known of nobody@elsewhere.example: no subscription and no report; is it spelled right, and is this the right --database?
  [66]
  $ nixie why otto@post.example
  otto@post.example

  news: active
    Score 1.00 on 2020-01-01, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-01  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
                rule  RFC 3463 3.2
    2020-01-02  permanent  user-unknown    550 5.1.1   original       -   0.99
                note  came in with one that counts
    2020-01-03  permanent  user-unknown    550 5.1.1   original       -   0.98
                note  came in with one that counts

    Next:  permanent failures on 3 more days in a row would suspend it; without
           failures the score halves every 60 days, and a delivery report sets it
           to 0.

Known reports stay known.

  $ $CASES/make-bounce nobody@elsewhere.example '04 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' | nixie deliver
  $ nixie why nobody@elsewhere.example
  ! nixie: nothing is known of nobody@elsewhere.example: no subscription and no report; is it spelled right, and is this the right --database?
  [66]

One address is forgotten.

  $ nixie forget joan@post.example --dry-run
  ! nixie: would be forgotten: 0 diagnostic texts, addresses in 0 reports, 1 subscription, 0 offers
  ! nixie: what the list manager, mail archives and backups hold is not nixie's to forget
  $ nixie forget joan@post.example
  ! nixie: forgotten: 0 diagnostic texts, addresses in 0 reports, 1 subscription, 0 offers
  ! nixie: what the list manager, mail archives and backups hold is not nixie's to forget
  $ nixie forget joan@post.example
  ! nixie: nothing is held of joan@post.example; is it spelled right?
  [66]
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  otto@post.example
  $ $CASES/dump-database $NIXIE_DATABASE | grep -c joan
  0
  [1]
  $ $CASES/make-bounce joan@post.example '01 Jan 2020' failed 5.1.1 '550 5.1.1 joan@post.example xyzzy' | nixie deliver
  $ $CASES/dump-database $NIXIE_DATABASE | grep -c joan
  0
  [1]

  $ printf '[privacy]\naddresses-days = never\n' >bad.conf; nixie --config bad.conf purge
  ! nixie: bad.conf:2: addresses-days is no number from 1 to 3650
  [78]

What waits to be told is part of what is held, and goes with it; nothing of it is left in the file.

  $ cat >owner.conf <<'EOF'
  > [list news]
  > owner = owner@example.org
  > [policy]
  > warnings = 0
  > remove-after-days = 0
  > EOF
  $ nixie -q --config owner.conf policy replay
  news: nothing changes for any of 1 subscriber with reports
  What is configured is in force now; nixie undo 1 takes that back.
  $ nixie -q --config owner.conf run --now 2020-02-01
  $ nixie -q subscriber add --list news ines@post.example
  $ for day in 01 02 03; do $CASES/make-bounce ines@post.example "$day Feb 2020" failed 5.1.1 "550 5.1.1 ines@post.example xyzzy" | nixie -q scan -; done
  $ nixie --config owner.conf run --now 2020-03-01
  1 removed, 1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ nixie outbox
  1  tell ines@post.example of its removal (news)
        since 2020-03-01 00:00, tried 0 times, next 2020-03-01 00:00
  $ nixie subscriber export ines@post.example | python3 -c '
  > import json, sys
  > for row in json.load(sys.stdin)["waiting"]: print(row["outbox"], row["kind"], row["payload"]["diagnostic"])'
  1 removed 550 5.1.1 ines@post.example xyzzy
  $ nixie forget ines@post.example
  ! nixie: forgotten: 0 diagnostic texts, addresses in 0 reports, 1 subscription, 0 offers
  ! nixie: what the list manager, mail archives and backups hold is not nixie's to forget
  $ nixie outbox
  ! nixie: nothing waits to be told
  $ grep -c 'ines@post' nixie.db
  0
  [1]
