Incidents: when many fail alike.

%mask (?<=  )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=  step) => TODAY

Two hundred readers at forty domains; DMARC makes their providers refuse one post.

  $ nixie list add news news@lists.example.org
  $ i=0; while [ $i -lt 200 ]; do echo "reader$i@d$((i % 40)).example"; i=$((i + 1)); done >readers.csv
  $ sed '1i address' readers.csv | nixie -q subscriber import - --list news
  $ cat >wave <<'END'
  > # wave DAY STATUS DIAGNOSTIC: a bounce of each reader
  > while read -r reader; do
  >   echo 'From x@y Fri Jan 10 12:00:00 2020'
  >   $CASES/make-bounce "$reader" "$1" failed "$2" "$3" | sed "s/mx.example.com/mx.${reader#*@}/"
  >   echo
  > done
  > END
  $ sh wave '10 Jan 2020' 5.7.1 '550 5.7.1 refused: DMARC policy of example.org <readers.csv' <readers.csv >wave.mbox
  $ nixie scan -q wave.mbox

No score has changed, and there is one incident.

  $ nixie subscriber list --state active | awk '{ print $1, $2 }' | sort | uniq -c | sed 's/^ *//'
  1 STATE SCORE
  200 active 0.00
  $ nixie incident
    NO  SINCE       STATE   ADDRESSES  VERDICT    REASON          WHERE
     1  2020-01-10  closed        200  blocked    auth            news: post <post1@lists.example.org>
  $ nixie incident show 1
  Incident 1: refused because of DMARC

    List       news
    Where      post <post1@lists.example.org>
    What       blocked, auth
    Addresses  200 on the worst day; 200 failures are held and do not count
    Failures   2020-01-10 12:00 to 2020-01-10 12:00 UTC
    State      closed since 2020-01-13 12:00 UTC
    Said       550 5.7.1 refused: DMARC policy of example.org <readers.csv
    Cause      The author's domain publishes a DMARC policy that lets nobody else
               send in its name, and the list changed the mail or sent it from its
               own servers.
    Cure       Let the list put its own address into From for authors whose domain
               has p=reject or p=quarantine (Mailman: dmarc_moderation_action /
               "munge from"; Sympa: dmarc_protection_mode), and sign with DKIM for
               the list's domain. The readers are not to blame.

      d0.example        5  ########################
      d1.example        5  ########################
      d10.example       5  ########################
      d11.example       5  ########################
      d12.example       5  ########################
      d13.example       5  ########################
      d14.example       5  ########################
      d15.example       5  ########################
      d16.example       5  ########################
      d17.example       5  ########################
      and 30 domains more
  \
  $ nixie incident show 1 --json
  {"id":1,"list":"news","scope":"post","name":"<post1@lists.example.org>","verdict":"blocked","reason":"auth","opened":"2020-01-10T12:00:00Z","last":"2020-01-10T12:00:00Z","closed":"2020-01-13T12:00:00Z","open":false,"addresses":200,"held":200,"diagnostic":"550 5.7.1 refused: DMARC policy of example.org <readers.csv","title":"refused because of DMARC","cause":"The author's domain publishes a DMARC policy that lets nobody else send in its name, and the list changed the mail or sent it from its own servers.","cure":"Let the list put its own address into From for authors whose domain has p=reject or p=quarantine (Mailman: dmarc_moderation_action / \"munge from\"; Sympa: dmarc_protection_mode), and sign with DKIM for the list's domain. The readers are not to blame."}
  $ nixie why reader7@d7.example | sed -n 5,9p

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-10  blocked    auth            550 5.7.1   original       -   0.00
                said  550 5.7.1 refused: DMARC policy of example.org <readers.csv
                rule  smtp-dmarc

Reading it again changes nothing.

  $ $CASES/dump-database "$NIXIE_DATABASE" incidents events >before; nixie scan -q wave.mbox; $CASES/dump-database "$NIXIE_DATABASE" incidents events | cmp - before

A provider that calls all of its users unknown. Somebody else's address is dead, and counts.

  $ grep @d3.example readers.csv >d3.csv; for i in 1 2 3 4 5 6 7; do echo "more$i@d3.example"; done >>d3.csv
  $ sed '1i address' d3.csv | nixie -q subscriber import - --list news
  $ for day in 20 21 22; do echo reader1@d1.example | sh wave "$day Feb 2020" 5.1.1 '550 5.1.1 xyzzy'; done >dead.mbox
  $ sh wave '23 Feb 2020' 5.1.1 '550 5.1.1 xyzzy' <d3.csv >outage.mbox; nixie scan -q dead.mbox outage.mbox
  $ nixie incident list
    NO  SINCE       STATE   ADDRESSES  VERDICT    REASON          WHERE
     2  2020-02-23  closed         12  permanent  user-unknown    news: domain d3.example
     1  2020-01-10  closed        200  blocked    auth            news: post <post1@lists.example.org>
  $ nixie incident show 2 | sed -n 1,12p
  Incident 2: many addresses unknown at once

    List       news
    Where      domain d3.example
    What       permanent, user-unknown
    Addresses  12 on the worst day; 12 failures are held and do not count
    Failures   2020-02-23 12:00 to 2020-02-23 12:00 UTC
    State      closed since 2020-02-26 12:00 UTC
    Said       550 5.1.1 xyzzy
    Cause      Far more addresses than usual are said not to exist. Living
               accounts are called unknown when a provider's user database is not
               to be reached, or after a faulty change.
  $ nixie why more1@d3.example | sed -n 4,10p
    Score 0.00; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-02-23  permanent  user-unknown    550 5.1.1   original       -   0.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
                note  held by incident 2 (domain d3.example)
  $ nixie subscriber list --state suspended
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   0.00  2020-02-22  news  reader1@d1.example

That was no outage, says its owner; and takes it back.

  $ nixie incident close 2 --count --dry-run
  ! nixie: incident 2: would be: 0 failures held, 0 more suspended
  $ nixie incident close 2 --count
  ! nixie: step 1; nixie undo takes it back
  ! nixie: incident 2: 0 failures held, 0 more suspended
  $ nixie why more1@d3.example | sed -n 4,9p
    Score 1.00 on 2020-02-23, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-02-23  permanent  user-unknown    550 5.1.1   original   +1.00   1.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
  $ nixie incident show 2 | grep Note
    Note       no incident, by hand: its failures count
  $ nixie incident close 2 --count
  ! nixie: incident 2 counts already
  [65]
  $ nixie undo
  2026-11-27  step 1  it was no incident: domain d3.example (news)
  $ nixie incident reopen 2
  ! nixie: incident 2: 12 failures held, 0 more suspended
  $ nixie why more1@d3.example | sed -n 4,9p
    Score 0.00; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-02-23  permanent  user-unknown    550 5.1.1   original       -   0.00
                said  550 5.1.1 xyzzy
                rule  RFC 3463 3.2
  $ nixie undo 1
  ! nixie: step 1 was taken back already, by step 2
  [65]

Wrong usage, and what is not there.

  $ nixie incident show
  ! nixie: the number of an incident is missing
  ! Try "nixie incident --help".
  [64]
  $ nixie incident show x
  ! nixie: "x" is no number of an incident; nixie incident lists them
  ! Try "nixie incident --help".
  [64]
  $ nixie incident show 99
  ! nixie: there is no incident 99; nixie incident list shows them
  [66]
  $ nixie incident list --count
  ! nixie: --count goes with close only
  ! Try "nixie incident --help".
  [64]
  $ nixie incident close 1
  ! nixie: incident 1 is closed already; --count lets its failures count
  [65]

Where a policy has no guard, nothing is held back, and nothing says so.

  $ printf '[policy]\nguard = no\n' >open.conf; nixie --config open.conf policy show --all | grep -A1 "guard ="
    guard = yes                             default
        what an incident holds does not count
  --
    guard = no (open.conf:2); in force is yes
  nixie policy compare says whom that would change; nixie policy replay puts it in force.
  $ nixie -q --config open.conf policy replay >/dev/null; nixie incident show 1 | grep Addresses
    Addresses  200 on the worst day; none of its failures is held back
  $ nixie incident show 1 --json | grep -c '"held":0'
  1
