explain: codes.

  $ nixie explain 551
  551  User not local; please try

    Meaning     The mail was refused; the server names another address between
                angle brackets where the reader can be found.
    Seen        When a reader has moved and the old server does not forward. In
                the wild, several providers say 551 for spam, reputation or
                relaying: then no address stands in the text.
    What to do  With an address: offer it for the subscriber and let it be
                confirmed, for anybody can forge such a report. Without one: read
                the text; 5.7.x is a block, not a move.
    nixie says  permanent, moved (RFC 5321 3.4): the address is dead or has moved;
                counts fully.
    Section     RFC 5321 3.4

  The code alone never decides: give the whole reply to see the verdict on it.
  $ nixie explain 5.1.6
  5.1.6  Destination mailbox has moved, no forwarding address (permanent failure)

    Meaning     The reader used to be there and is not any more.
    Seen        After somebody left a company or changed provider. Against the
                name, some servers give the new address in the text.
    What to do  Remove the address. If the text offers a new one, let the reader
                confirm it before using it.
    nixie says  permanent, moved (RFC 3463 3.2): the address is dead or has moved;
                counts fully.
    Section     RFC 3463 3.2

  The code alone never decides: give the whole reply to see the verdict on it.
  $ nixie explain 551-5.1.6
  551 5.1.6  User not local; please try; Destination mailbox has moved, no forwarding address (permanent failure)

    Meaning     The reader used to be there and is not any more.
    Seen        After somebody left a company or changed provider. Against the
                name, some servers give the new address in the text.
    What to do  Remove the address. If the text offers a new one, let the reader
                confirm it before using it.
    nixie says  permanent, moved (RFC 3463 3.2): the address is dead or has moved;
                counts fully.
    Section     RFC 5321 3.4; RFC 3463 3.2

  The code alone never decides: give the whole reply to see the verdict on it.
  $ nixie explain 571
  571  In no standard

    Meaning     Refused: the sending server gives up.
    nixie says  transient, other (RFC 3464 2.3.3): it may work later; counts a
                little, and fades.
    Section     RFC 5321 4.2.1

  The code alone never decides: give the whole reply to see the verdict on it.
  $ nixie explain 4.1.77
  4.1.77  Not registered

    Meaning     A persistent transient failure; it is about addressing status.
    nixie says  transient, other (RFC 3464 2.3.3): it may work later; counts a
                little, and fades.
    Section     RFC 3463 2

  The code alone never decides: give the whole reply to see the verdict on it.

Codes side by side.

  $ nixie explain 252 551
                252                               551

    Name        Cannot VRFY user, but will        User not local; please try
                accept message and attempt
                delivery

    Meaning     The server neither confirms nor   The mail was refused; the server
                denies that the user exists; it   names another address between
                takes the mail and will try.      angle brackets where the reader
                                                  can be found.

    Seen        As the answer to VRFY on servers  When a reader has moved and the
                that keep their users private,    old server does not forward. In
                and in relayed notices. It is no  the wild, several providers say
                failure and offers no address.    551 for spam, reputation or
                                                  relaying: then no address stands
                                                  in the text.

    What to do  Nothing to do. Never count it     With an address: offer it for
                against the address; beside       the subscriber and let it be
                'Action: failed' it is a          confirmed, for anybody can forge
                contradiction, so count that as   such a report. Without one: read
                temporary.                        the text; 5.7.x is a block, not
                                                  a move.

    nixie says  benign, accepted (RFC 5321        permanent, moved (RFC 5321 3.4):
                3.5.3): nothing failed; never     the address is dead or has
                counts.                           moved; counts fully.

    Section     RFC 5321 3.5.3                    RFC 5321 3.4

    Difference  252 and 551: 252 took the mail without vouching for the user:
                nothing failed, and nothing is known. 551 refused it: the old
                address gets no mail there any more, and the text should name the
                new one. 252 never counts against a subscriber; 551 does where it
                means a move, and does not where a provider uses it for spam or
                relaying.
  $ COLUMNS=50 nixie explain 252 551 | tail -n 24

    What to do  With an address: offer it for the
                subscriber and let it be confirmed,
                for anybody can forge such a report.
                Without one: read the text; 5.7.x is
                a block, not a move.

    nixie says  permanent, moved (RFC 5321 3.4): the
                address is dead or has moved; counts
                fully.

    Section     RFC 5321 3.4

    Difference  252 and 551: 252 took the mail
                without vouching for the user:
                nothing failed, and nothing is
                known. 551 refused it: the old
                address gets no mail there any more,
                and the text should name the new
                one. 252 never counts against a
                subscriber; 551 does where it means
                a move, and does not where a
                provider uses it for spam or
                relaying.
  $ COLUMNS=200 nixie explain 252 551 | awk 'length > 200'
  $ COLUMNS=10 nixie explain 252 551 | head -n 4
                252

    Name        Cannot VRFY user,
                but will accept
  $ COLUMNS=many nixie explain 252 551 | head -n 1
                252                               551
  $ nixie explain 450 451 452 550 551 552 | grep '^ *[45]..  '
                450                   451                   452
                550                   551                   552
  $ nixie explain 551 551 | tail -n 1
    Difference  551 and 551: They are the same.
  $ nixie explain 250 571 | tail -n 2
    Difference  250 and 571: 250 says that it worked; 571 refuses, and the queue
                gives up.
  $ nixie explain 5.1.1 5.1.3 | tail -n 1
                about addressing status.
  $ nixie explain 5.1.1 4.4.1 | tail -n 2
                not now, and the queue tries again. 5.1.1 is about addressing
                status, 4.4.1 about network and routing status.
  $ nixie explain 551 252 | tail -n 6 | head -n 1
    Difference  551 and 252: 252 took the mail without vouching for the user:

Texts. Words that are not quoted are one text.

%mask ^(  Rule +).* => \1RULE
  $ nixie explain '551 5.1.6 please try <new@example.com>' | head -n 8
  551 5.1.6 please try <new@example.com>

    Verdict     permanent: the address is dead or has moved; counts fully
    Reason      moved: The mailbox has another address now.
    Rule        RULE
    Codes       551 5.1.6
    Forward     new@example.com; a proposal only, for whoever forges a bounce
                could write it
  $ nixie explain 551 5.1.6 please try '<new@example.com>' | head -n 3
  551 5.1.6 please try <new@example.com>

    Verdict     permanent: the address is dead or has moved; counts fully
  $ nixie explain xyzzy
  xyzzy

    Verdict     transient: it may work later; counts a little, and fades
    Reason      other: The report does not say enough to tell.
    Rule        RULE
    Codes       -
  $ nixie explain '551 xyzzy' '421 xyzzy' | grep -A 2 xyzzy
  551 xyzzy

    Verdict     permanent: the address is dead or has moved; counts fully
  --
  421 xyzzy

    Verdict     transient: it may work later; counts a little, and fades
  $ nixie explain 999 | head -n 3
  999

    Verdict     transient: it may work later; counts a little, and fades
  $ nixie explain "$(printf '550 \033[31mxyzzy')" | head -n 1
  550 \x{1B}[31mxyzzy

The rules of the local folder count.

  $ printf '[phrase local]\nreason = disabled\ntext = xyzzy gone\nexample = 550 xyzzy gone\nsource = observed\n' >.rules/l.rules
  $ nixie explain --json '550 xyzzy gone'
  {"verdict":"permanent","reason":"disabled","reply":550,"rule":"local"}
  $ echo nonsense >.rules/m.rules
  $ nixie explain 551
  ! nixie: $DIR/.rules/m.rules:1: a key before the first stanza; open one with [TYPE ID]
  [78]
