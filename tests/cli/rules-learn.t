rules learn: from a bounce that nixie does not understand to a stanza and a fixture.

A letter that no format knows.

  $ cat >gnome.eml <<'END'
  > Return-Path: <gnome-post@mushroom.nl>
  > Received: from garden.mushroom.nl (garden.mushroom.nl [198.51.100.9]) by lists.club.nl; Mon, 23 Nov 2026 10:00:00 +0000
  > From: Gnome Post <gnome-post@mushroom.nl>
  > To: roses-bounces+wilhelmina=mushroom.nl@lists.club.nl
  > Subject: Your parcel came home
  > Date: Mon, 23 Nov 2026 10:00:00 +0000
  > Message-ID: <77@garden.mushroom.nl>
  >
  > Good day,
  >
  > somebody carried your letter round the whole garden.
  > They took it from nobody at this burrow:
  >
  >   burrow <wilhelmina@mushroom.nl>: the burrow has been filled with sand
  >
  > --- your letter was this one ---
  > From: Bert Rose <bert@club.nl>
  > Subject: Compost
  > Message-ID: <1@club.nl>
  >
  > Dear all, the compost is ready.
  > END
  $ nixie check gnome.eml | tail -n 1
    benign     not a report
  $ nixie rules learn gnome.eml
  ======== mushroom.rules ========
  \[format mushroom]
  header.subject = your * home
  mark = somebody carried your letter round the whole garden
  mark = they took it from nobody at this burrow
  recipient = burrow {address}: {text}
  end = --- your letter was this one
  example-file = mail/mushroom/mushroom.eml
  source = observed
  ======== mushroom.eml ========
  Return-Path: <user1-user2@domain1.example>
  Received: from host1.domain1.example by host2.domain2.example with SMTP; Mon, 23 Nov 2026 10:00:00 +0000
  From: Person 1 <user1-user2@domain1.example>
  To: user4-bounces+user5=domain1.example@host2.domain2.example
  Subject: Your xxx home
  Date: Mon, 23 Nov 2026 10:00:00 +0000
  Message-ID: <message1@host1.domain1.example>
  Content-Type: text/plain; charset=utf-8
  Content-Transfer-Encoding: 8bit

  Good day,

  somebody carried your letter round the whole garden.
  They took it from nobody at this burrow:

    burrow <user5@domain1.example>: the burrow has been filled with sand

  --- your letter was this one ---
  From: Person 2 <user6@domain2.example>
  Subject: Subject 1
  Message-ID: <message2@domain2.example>

  (The letter is left out.)

  ======== with this draft ========
  mushroom.eml:0  2026-11-23  <message1@host1.domain1.example>
    Read by   format mushroom (mushroom.rules:1)
    Formats   mushroom 4 (reads)

    user5@domain1.example
    Kind      failure
    Codes     -
    Said      the burrow has been filled with sand
    Phrases   none fits
    Verdict   transient, other
    Decided   No phrase fits, and there is no code: a failure is transient when in
              doubt (RFC 3464 2.3.3).
  ! nixie: a draft: read both before you give them away, mend the format, then try "nixie rules check mushroom.rules"
  $ nixie rules learn gnome.eml 2>&1 | grep -ciE 'wilhelmina|club|compost|bert|198.51.100.9|mushroom[.]nl'
  0
  [1]

The draft alone makes nixie read the mail itself.

  $ nixie rules learn --quiet --output .rules gnome.eml | head -n 2
  .rules/mushroom.rules
  .rules/mushroom.eml
  $ nixie check gnome.eml | tail -n 1
    transient  other           -            wilhelmina@mushroom.nl
  $ nixie rules learn gnome.eml
  ======== mushroom.rules ========
  \[phrase mushroom]
  # A guess by its codes. Is it right? CONTRIBUTING.md lists the reasons.
  reason  = other
  text    = the burrow has been filled with sand
  example = the burrow has been filled with sand
  source  = observed
  ======== mushroom.eml ========
  Return-Path: <user1-user2@domain1.example>
  Received: from host1.domain1.example by host2.domain2.example with SMTP; Mon, 23 Nov 2026 10:00:00 +0000
  From: Person 1 <user1-user2@domain1.example>
  To: user4-bounces+user5=domain1.example@host2.domain2.example
  Subject: Your xxx home
  Date: Mon, 23 Nov 2026 10:00:00 +0000
  Message-ID: <message1@host1.domain1.example>
  Content-Type: text/plain; charset=utf-8
  Content-Transfer-Encoding: 8bit

  Good day,

  somebody carried your letter round the whole garden.
  They took it from nobody at this burrow:

    burrow <user5@domain1.example>: the burrow has been filled with sand

  --- your letter was this one ---
  From: Person 2 <user6@domain2.example>
  Subject: Subject 1
  Message-ID: <message2@domain2.example>

  (The letter is left out.)

  ======== with this draft ========
  mushroom.eml:0  2026-11-23  <message1@host1.domain1.example>
    Read by   format mushroom ($DIR/.rules/mushroom.rules:1)
    Formats   mushroom 4 (reads)

    user5@domain1.example
    Kind      failure
    Codes     -
    Said      the burrow has been filled with sand
    Phrases: the one that won has a "*"; id, weight, verdict, reason, place
      * mushroom                           2  transient  other           mushroom.rules:1
    Verdict   transient, other
    Decided   The phrase mushroom decided.
  ! nixie: a draft: read both before you give them away, mend the phrase, then try "nixie rules check mushroom.rules"
  $ mv .rules/mushroom.eml .; rm .rules/*

A reply that no phrase knows.

  $ $CASES/make-bounce wilhelmina@mushroom.nl '10 Jan 2020' failed 5.0.0 '550 5.0.0 <wilhelmina@mushroom.nl>: burrow 4711 has been filled with sand (garden.mushroom.nl)' >burrow.eml
  $ mkdir out
  $ nixie rules learn --output out burrow.eml
  out/example.rules
  out/example.eml
  ======== with this draft ========
  example.eml:0  2020-01-10  <message1@host1.domain1.example>
    Read by   the standard rfc3464
    Formats   generic-subject 1, unmarked 2

    user3@domain3.example
    Kind      failure
    Codes     550 5.0.0
    Server    host3.domain4.example
    Said      550 5.0.0 <user3@domain3.example>: burrow 4711 has been filled with
              sand (host4.domain3.example)
    Phrases: the one that won has a "*"; id, weight, verdict, reason, place
      * example                            2  transient  other           example.rules:1
    Verdict   transient, other
    Decided   The phrase example decided.
  ! nixie: a draft: read both before you give them away, mend the phrase, then try "nixie rules check example.rules"
  $ cat out/example.rules
  \[phrase example]
  # A guess by its codes. Is it right? CONTRIBUTING.md lists the reasons.
  reason  = other
  text    = burrow * has been filled with sand
  example = 550 5.0.0 <user3@domain3.example>: burrow 4711 has been filled with sand (host4.domain3.example)
  source  = observed
  $ grep -c wilhelmina out/example.eml
  0
  [1]
  $ nixie rules check out/example.rules | grep example.rules
  [1]
  $ nixie check --json burrow.eml | sed 's/"diagnostic.*//; s/.*"recipient[^,]*,//'
  "verdict":"transient","reason":"other","status":"5.0.0","reply":550,
  $ nixie check --json out/example.eml | sed 's/"diagnostic.*//; s/.*"recipient[^,]*,//'
  "verdict":"transient","reason":"other","status":"5.0.0","reply":550,

Nothing is overwritten; both files are made, or none.

  $ nixie rules learn --output out burrow.eml
  ! nixie: out/example.eml is there already, and stays as it is; take it away, or name another folder
  [73]
  $ rm out/example.eml; echo mine >out/example.rules
  $ nixie rules learn --output out burrow.eml
  ! nixie: out/example.rules is there already, and stays as it is; take it away, or name another folder
  [73]
  $ cat out/example.rules; ls out
  mine
  example.rules
  $ nixie rules learn --output nosuch burrow.eml
  ! nixie: cannot make nosuch/example.rules: No such file or directory
  [73]

What is known already is no matter for a draft.

  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 user unknown' >dead.eml
  $ nixie rules learn dead.eml | sed 's/phrase [a-z-]*/phrase NAME/'
  It is known already: kind failure, read by rfc3464. The phrase NAME decided.
  There is nothing to learn; "nixie rules explain" tells more.
  $ : >empty.eml
  $ nixie rules learn empty.eml
  ! nixie: empty.eml: holds no message
  [65]
  $ printf '\n' >nothing.eml
  $ nixie rules learn nothing.eml
  ! nixie: nothing.eml: says nothing by which another mail like it could be known; write a stanza by hand (CONTRIBUTING.md)
  [65]
  $ nixie rules learn nosuch.eml
  ! nixie: nosuch.eml: No such file or directory
  [66]
