rules: list, check and explain.

  $ nixie rules list smtp-user-unknown | sed 's/:[0-9]*$/:N/' | head -n 2
  phrase smtp-user-unknown  user-unknown  smtp-user.rules:N
      user unknown
  $ nixie rules list 'is over quota' | grep -c '^phrase'
  1
  $ nixie rules list --json exim-unrouteable-sender | sed 's/"line":[0-9]*/"line":N/'
  {"type":"phrase","id":"exim-unrouteable-sender","summary":"auth","file":"mta-exim.rules","line":N,"text":"unrouteable sender"}
  $ nixie rules list nosuchword
  ! nixie: no stanza holds "nosuchword"
  $ nixie rules list | grep -c '^format' | sed 's/[0-9][0-9]*/N/'
  N

check: all stanzas as one set; what is wrong stands with its file and line.

  $ cat >good.rules <<'END'
  > [phrase garden-gnome-left]
  > reason  = user-unknown
  > text    = the gnome who lived here has left
  > example = 550 The gnome who lived here has left the garden
  > source  = observed
  > END
  $ cat >bad.rules <<'END'
  > [phrase burrow]
  > reason  = mailbox-full
  > text    = the burrow is filled with sand
  > example = 550 The burrow is empty
  > over    = nobody
  > END
  $ nixie rules check good.rules | sed 's/^[0-9,]*/N/'
  N stanzas, no problem
  $ nixie rules check bad.rules | grep bad.rules
  bad.rules:1: [phrase burrow] has no source; say where the text is known from
  bad.rules:1: [phrase burrow] is over "nobody", which is not there
  bad.rules:3: [phrase burrow] no example shows this text; add one
  bad.rules:4: [phrase burrow] the stanza does not fit its own example; these do: none
  $ nixie rules check bad.rules >/dev/null
  [65]
  $ printf 'gnome\n' >broken.rules
  $ nixie rules check broken.rules
  ! nixie: broken.rules:1: a key before the first stanza; open one with [TYPE ID]
  [65]
  $ printf '[phrase x]\nreason = nonsense\n' >unknown.rules
  $ nixie rules check unknown.rules
  unknown.rules:1: [phrase x] unknown reason "nonsense"
  [65]
  $ printf '[format x]\nkind = failure\n' >format.rules
  $ nixie rules check format.rules
  ! nixie: format.rules:1: [format x] a format needs a header.NAME or a mark to be known by
  [65]
  $ cat >doubt.rules <<'END'
  > [doubt gnomes-on-strike]
  > verdict = transient
  > text    = the gnomes are on strike
  > text    = the gnomes are asleep
  > over    = @auth @policy nobody
  > example = 550 5.1.1 User unknown, the gnomes are on strike
  > example = 450 4.2.0 The gnomes are asleep
  > [bystander gnome-gardener]
  > near    = our gardener
  > after   = is gone
  > example = 551 User has moved; our gardener is joan@new.example
  > example = 551 User has moved; try joan@new.example
  > example = 551 User has moved; ask nobody
  > END
  $ nixie rules check doubt.rules
  doubt.rules:1: [doubt gnomes-on-strike] has no source; say where the text is known from
  doubt.rules:1: [doubt gnomes-on-strike] is over "nobody", which is not there
  doubt.rules:7: [doubt gnomes-on-strike] the doubt undoes nothing in its own example: "RFC 5321 4.2.3" decides (transient)
  doubt.rules:8: [bystander gnome-gardener] has no source; say where the text is known from
  doubt.rules:10: [bystander gnome-gardener] no example shows this text; add one
  doubt.rules:12: [bystander gnome-gardener] the example still offers joan@new.example; its words do not stand beside it
  doubt.rules:13: [bystander gnome-gardener] the example offers no address even without bystanders
  [65]
  $ printf '[doubt x]\nverdict = permanent\ntext = gone\n' >dead.rules
  $ nixie rules check dead.rules
  dead.rules:1: [doubt x] a doubt spares an address; what says that it is dead is a phrase
  [65]
  $ nixie rules list gnome-gardener
  ! nixie: no stanza holds "gnome-gardener"
  $ nixie rules list contact-east-asian | sed 's/:[0-9]*$/:N/'
  bystander contact-east-asian  bystander.rules:N
      お問い合わせ
  $ nixie rules list closed-circle | sed 's/:[0-9]*$/:N/'
  doubt closed-circle  policy  doubt.rules:N
      owners can
  $ nixie rules check nosuch.rules
  ! nixie: nosuch.rules: No such file or directory
  [66]
  $ printf '[phrase x]\0' >binary.rules
  $ nixie rules check binary.rules
  ! nixie: binary.rules: too long for a rules file, or not text
  [65]

The local folder belongs to the set.

  $ cp bad.rules .rules/
  $ nixie rules check | grep -c '\[phrase burrow\]'
  4
  $ nixie rules list burrow
  phrase burrow  mailbox-full  $DIR/.rules/bad.rules:1
      the burrow is filled with sand
  $ rm .rules/bad.rules

explain: what read it, what fits, what won.

  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 The gnome who lived here has left' >dead.eml
  $ nixie rules explain dead.eml
  dead.eml:0  2020-01-10  <3607578001@mx.example.net>
    Read by   the standard rfc3464
    Formats   generic-subject 1, unmarked 2

    dead@example.com
    Kind      failure
    Codes     550 5.1.1
    Server    mx.example.com
    Said      550 5.1.1 The gnome who lived here has left
    Phrases   none fits
    Verdict   permanent, user-unknown
    Decided   No phrase fits what was said; the codes decided (RFC 3463 3.2).
  $ cp good.rules .rules/
  $ nixie rules explain - <dead.eml | sed 's|\$DIR|.|'
  -:0  2020-01-10  <3607578001@mx.example.net>
    Read by   the standard rfc3464
    Formats   generic-subject 1, unmarked 2

    dead@example.com
    Kind      failure
    Codes     550 5.1.1
    Server    mx.example.com
    Said      550 5.1.1 The gnome who lived here has left
    Phrases: the one that won has a "*"; id, weight, verdict, reason, place
      * garden-gnome-left                  2  permanent  user-unknown    $DIR/.rules/good.rules:1
    Verdict   permanent, user-unknown
    Decided   The phrase garden-gnome-left decided.
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 4.1.1 '450 4.1.1 The gnome who lived here has left' >later.eml
  $ nixie rules explain later.eml | tail -n 3
    Verdict   transient, user-unknown
    Decided   The phrase garden-gnome-left decided, but what failed for now (class
              4) is never permanent.
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' delayed 4.1.1 '450 4.1.1 The gnome who lived here has left' >delayed.eml
  $ nixie rules explain delayed.eml | tail -n 3
    Verdict   benign, user-unknown
    Decided   The phrase garden-gnome-left gave the reason; a delay itself is
              benign (RFC 3464 2.3.3).
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 2.0.0 '250 2.0.0 The gnome who lived here has left' >success.eml
  $ nixie rules explain success.eml | tail -n 3
    Decided   The phrase garden-gnome-left fits, but the codes say that nothing
              failed: a contradiction is transient, whatever the words (RFC 3464
              2.3.3).
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' delivered 2.0.0 '250 2.0.0 The gnome who lived here has left' >delivered.eml
  $ nixie rules explain delivered.eml | tail -n 3
    Verdict   benign, accepted
    Decided   The phrase garden-gnome-left fits, but the kind of report outranks
              all words (RFC 3464 2.3.3).
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 The gnome who lived here has left until tomorrow' >doubt.eml
  $ nixie rules explain doubt.eml | tail -n 3
    Verdict   transient, user-unknown
    Decided   The phrase garden-gnome-left fits, but the doubt said-to-pass undoes
              it.
  $ $CASES/make-bounce dead@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy until tomorrow' >doubt.eml
  $ nixie rules explain doubt.eml | tail -n 3
    Verdict   transient, user-unknown
    Decided   No phrase fits; the codes would have decided, but the doubt
              said-to-pass undoes that.
  $ nixie rules explain --json dead.eml
  {"format":"rfc3464","bids":[{"id":"generic-subject","bid":1,"chosen":false},{"id":"unmarked","bid":2,"chosen":false}],"events":[{"file":"dead.eml","offset":0,"message_id":"<3607578001@mx.example.net>","date":"2020-01-10T12:00:00Z","kind":"failure","recipient":"dead@example.com","verdict":"permanent","reason":"user-unknown","status":"5.1.1","reply":550,"diagnostic":"550 5.1.1 The gnome who lived here has left","reporting_mta":"mx.example.net","remote_mta":"mx.example.com","list":"news@lists.example.org","proof":"original","rule":"garden-gnome-left","matches":[{"id":"garden-gnome-left","weight":2,"verdict":"permanent","reason":"user-unknown","file":"$DIR/.rules/good.rules","line":1,"chosen":true}],"decided":"The phrase garden-gnome-left decided."}]}
  $ printf 'From: a@b.example\nSubject: hello\n\nHow are you?\n' >letter.eml
  $ nixie rules explain letter.eml
  letter.eml:0  no date
    Read by   nothing: no report was recognised
    Formats   none
    Verdict   benign
    Decided   Nothing recognised a report in it.
  $ nixie rules explain --json letter.eml
  {"bids":[],"events":[{"file":"letter.eml","offset":0,"kind":"none","verdict":"benign","matches":[],"decided":"Nothing recognised a report in it."}]}

A mail says nothing to a terminal.

  $ $CASES/make-bounce 'evil@example.com' '10 Jan 2020' failed 5.1.1 "$(printf '550 5.1.1 \033[2J\033]0;title\007 \342\200\256xyzzy')" >evil.eml
  $ nixie rules explain evil.eml | LC_ALL=C grep -c '[^ -~]'
  0
  [1]
  $ nixie rules learn evil.eml 2>&1 | LC_ALL=C grep -c '[^ -~]'
  0
  [1]

Usage.

  $ nixie rules lst
  ! nixie: unknown "rules" command "lst"; did you mean "list"?
  ! Try "nixie rules --help".
  [64]
  $ nixie rules explain
  ! nixie: a FILE is missing
  ! Try "nixie rules --help".
  [64]
  $ nixie rules explain nosuch.eml
  ! nixie: nosuch.eml: No such file or directory
  [66]
  $ nixie rules check --json
  ! nixie: rules check has no --json
  ! Try "nixie rules --help".
  [64]
  $ nixie rules list --output x
  ! nixie: rules list has no --output
  ! Try "nixie rules --help".
  [64]
