Signed return paths: keys, making, opening, and what deliver makes of a report that comes back to one.

%mask 1[a-z][0-9a-hjkmnp-tv-z]{15}(?=-) => TOKEN
%mask \b1[a-z][0-9a-hjkmnp-tv-z]{21}\b => LONG-TOKEN
%mask 1[a-z][0-9a-hjkmnp-tv-z]{15}$ => TOKEN
%mask \d{4}-\d\d-\d\d => DAY
%mask [0-9a-f]{64} => SECRET

Without a key file nothing goes.

  $ nixie verp
  ! nixie: make, open or key is missing
  ! Try "nixie verp --help".
  [64]
  $ nixie verp make joan@post.example
  ! nixie: no key file is known; name one with --key-file FILE, or in the configuration: key-file = FILE in the group [verp]
  ! Try "nixie verp --help".
  [64]
  $ nixie verp mkae joan@post.example
  ! nixie: unknown "verp" command "mkae"; did you mean "make"?
  ! Try "nixie verp --help".
  [64]
  $ nixie verp make --key-file nosuch --list news@lists.example.org joan@post.example
  ! nixie: nosuch: the keys cannot be read: No such file or directory
  [78]

A key, and another one: the file is its owner's alone.

  $ nixie verp key --key-file keys
  ! nixie: keys: has a new key, which makes the return paths from now on
  $ stat -c %a keys
  600
  $ cp keys first
  $ nixie verp key --key-file keys --quiet
  $ cat keys
  # Keys of nixie's return paths: whoever reads them can forge bounces. The last one makes
  # tokens, all of them open tokens. "nixie verp key" adds one.
  a SECRET DAY
  b SECRET DAY
  $ stat -c %a keys; ls
  600
  first
  keys
  $ grep -c -x -F -f first keys
  3

Others may not read it, and half a file is none.

  $ chmod 640 keys; nixie verp key --key-file keys; nixie verp make --key-file keys --list a@b.example x@y.example
  ! nixie: keys: others than the owner may read or write the keys; run chmod 600, and "nixie verp key" if somebody did
  ! nixie: keys: others than the owner may read or write the keys; run chmod 600, and "nixie verp key" if somebody did
  [78]
  $ chmod 600 keys; touch keys.new; nixie verp key --key-file keys; rm keys.new
  ! nixie: keys.new: is there: another "nixie verp key" is at work, or was ended; then remove it
  $ printf 'a 12\n' >bad; chmod 600 bad; nixie verp key --key-file bad; cat bad; ls
  a 12
  bad
  first
  keys
  ! nixie: bad:1: the key is not 32 to 128 hex digits
  $ mkdir folder; chmod 700 folder; nixie verp key --key-file folder
  ! nixie: folder: this is no file of keys
  [78]
  $ nixie verp key --key-file nosuch/keys
  ! nixie: nosuch/keys.new: cannot be made: No such file or directory
  [74]
  $ nixie verp key --key-file keys more
  ! nixie: there are too many words, from "more" on
  ! Try "nixie verp --help".
  [64]

Making: for a list of the database, a posting address, or a pattern of the configuration.

  $ nixie list add news news@lists.example.org
  $ nixie list add bare
  $ nixie -q subscriber add --list news 'jörg@post.example'
  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [verp]
  > key-file = $PWD/keys
  > [list talk]
  > verp = talk.{token}@lists.example.org
  > [list chat]
  > verp = chat-{token}-{user}={domain}@lists.example.org
  > END
  $ nixie verp make --list news joan@post.example Joan@POST.example 'jörg@post.example'
  news-bounces+TOKEN-joan=post.example@lists.example.org
  news-bounces+TOKEN-Joan=post.example@lists.example.org
  news-bounces+LONG-TOKEN@lists.example.org
  $ nixie verp make --list News@Lists.example.org joan@post.example
  News-bounces+TOKEN-joan=post.example@Lists.example.org
  $ nixie verp make --list talk joan@post.example
  talk.LONG-TOKEN@lists.example.org
  $ nixie verp make --list chat joan@post.example
  chat-TOKEN-joan=post.example@lists.example.org
  $ printf 'joan@post.example\n\nnobody\nfritz@post.example\n' | nixie verp make --list news -
  news-bounces+TOKEN-joan=post.example@lists.example.org
  news-bounces+TOKEN-fritz=post.example@lists.example.org
  ! nixie: "nobody" is no address
  [65]
  $ nixie verp make --list chat a-local-part-that-leaves-no-room-for-it@post.example
  ! nixie: no return path on the list chat can carry a-local-part-that-leaves-no-room-for-it@post.example within 64 octets of local part
  [65]
  $ nixie verp make --list bare joan@post.example
  ! nixie: the list "bare" has no posting address; give it one with nixie list add bare ADDRESS
  [65]
  $ nixie verp make --list nosuch joan@post.example
  ! nixie: there is no list "nosuch"; see nixie list, and nixie list add
  [66]
  $ nixie verp make --list news
  ! nixie: an ADDRESS is missing
  ! Try "nixie verp --help".
  [64]

Opening, also what other programs made and what was changed on the way.

  $ nixie verp make --list news joan@post.example 'jörg@post.example' >paths
  $ nixie verp make --list talk 'jörg@post.example' >>paths
  $ nixie verp make --list chat joan@post.example >>paths
  $ nixie verp open - <paths
  news-bounces+TOKEN-joan=post.example@lists.example.org
    Result      valid: We made it, for this list and this subscriber.
    Style       mailman
    List        news@lists.example.org
    Subscriber  joan@post.example
    Token       TOKEN
    Made        DAY

  news-bounces+LONG-TOKEN@lists.example.org
    Result      valid: We made it, for this list and this subscriber.
    Style       keyed
    List        news@lists.example.org
    Subscriber  jörg@post.example
    Token       LONG-TOKEN
    Made        DAY

  talk.LONG-TOKEN@lists.example.org
    Result      valid: We made it, for this list and this subscriber.
    Style       pattern
    List        talk
    Subscriber  jörg@post.example
    Token       LONG-TOKEN
    Made        DAY

  chat-TOKEN-joan=post.example@lists.example.org
    Result      valid: We made it, for this list and this subscriber.
    Style       pattern
    List        chat
    Subscriber  joan@post.example
    Token       TOKEN
    Made        DAY
  $ sed -n 's/joan=/jean=/p' paths | nixie verp open -
  news-bounces+TOKEN-jean=post.example@lists.example.org
    Result      forged: Its token was not made for this subscriber, or it is made
                up.
    Style       mailman
    List        news@lists.example.org
    Subscriber  jean@post.example
    Token       TOKEN
    Made        DAY

  chat-TOKEN-jean=post.example@lists.example.org
    Result      forged: Its token was not made for this subscriber, or it is made
                up.
    Style       pattern
    List        chat
    Subscriber  jean@post.example
    Token       TOKEN
    Made        DAY
  ! nixie: news-bounces+TOKEN-jean=post.example@lists.example.org proves nothing
  ! nixie: chat-TOKEN-jean=post.example@lists.example.org proves nothing
  [65]
  $ sed -n 's/^news-/list-/p' paths | head -n 1 | nixie verp open -
  list-bounces+TOKEN-joan=post.example@lists.example.org
    Result      other-list: Its token was not made for this list, or it is made
                up.
    Style       mailman
    List        list@lists.example.org
    Subscriber  joan@post.example
    Token       TOKEN
    Made        DAY
  ! nixie: list-bounces+TOKEN-joan=post.example@lists.example.org proves nothing
  [65]
  $ nixie verp open SRS0=ab=cd=lists.example.org=news-bounces+joan=post.example@relay.example
  SRS0=ab=cd=lists.example.org=news-bounces+joan=post.example@relay.example
    Result      It has no keyed token.
    Style       mailman
    List        news@lists.example.org
    Subscriber  joan@post.example
  ! nixie: SRS0=ab=cd=lists.example.org=news-bounces+joan=post.example@relay.example proves nothing
  [65]
  $ nixie verp open news-bounces+1zm9cwans602k2rkz-joan=post.example@lists.example.org
  news-bounces+TOKEN-joan=post.example@lists.example.org
    Result      unknown-key: It was made with a key that is not in the key file.
    Style       mailman
    List        news@lists.example.org
    Subscriber  joan@post.example
    Token       TOKEN
  ! nixie: news-bounces+TOKEN-joan=post.example@lists.example.org proves nothing
  [65]
  $ printf '\033[31mx@y\n' | nixie verp open -
  \\x{1B}[31mx@y
    Result      It has no keyed token.
    Style       none that is known
  ! nixie: \x{1B}[31mx@y proves nothing
  [65]

A report to a signed return path is about its reader, whomever it names.

  $ cat >bounce.sh <<'END'
  > $CASES/make-bounce "$1" "$(date -u '+%d %b %Y')" failed 5.1.1 "550 5.1.1 $2"
  > END
  $ for reader in joan@post.example victim@post.example; do nixie -q subscriber add --list news $reader; done
  $ sh bounce.sh victim@post.example one >one.eml
  $ nixie deliver --envelope-to "$(head -n 1 paths)" <one.eml
  $ nixie subscriber show victim@post.example | tail -n 1; nixie subscriber show joan@post.example | tail -n 1
    Events    0
    Events    1
  $ nixie why joan@post.example | grep signed
    A report needs the proof "signed" to count, if it came in since DAY.
    DAY  permanent  user-unknown    550 5.1.1   signed     +1.00   1.00

Not even when that reader is no subscriber any more.

  $ nixie verp make --list news gone@post.example >gone
  $ sh bounce.sh victim@post.example two >two.eml
  $ nixie deliver --envelope-to "$(cat gone)" <two.eml
  $ nixie subscriber show victim@post.example | tail -n 1
    Events    0

A forged one is recorded as what it is.

  $ sh bounce.sh victim@post.example three >three.eml
  $ nixie deliver --envelope-to "$(head -n 1 paths | sed s/joan=/victim=/)" <three.eml
  $ nixie why victim@post.example | grep -c 'claim '
  1

A token that stands alone is found among the subscribers.

  $ sh bounce.sh alias@inner.example four >four.eml
  $ nixie deliver --envelope-to "$(sed -n 2p paths)" <four.eml
  $ nixie subscriber show 'jörg@post.example' | tail -n 1
    Events    1

Who may not read the keys may still check; deliver keeps the mail.

  $ chmod 640 keys
  $ nixie check --json one.eml | grep -c '"verdict":"permanent"'
  1
  $ nixie check -v one.eml 2>&1 | grep keys
  nixie: signed return paths are not checked: $DIR/keys: others than the owner may read or write the keys; run chmod 600, and "nixie verp key" if somebody did
  $ nixie deliver <one.eml
  ! nixie: $DIR/keys: others than the owner may read or write the keys; run chmod 600, and "nixie verp key" if somebody did
  [75]
  $ nixie explain 551 | head -n 1
  551  User not local; please try

The configuration: each mistake is told with its line.

  $ cat >try.sh <<'END'
  > try () { printf "$@" >c.conf; nixie list --config c.conf 2>&1; echo $?; }
  > try '[verp]\nkeyfile = /x\n'
  > try '[verp]\nkey-file = keys\n'
  > try '[verp]\nmax-age-days = 0\n'
  > try '[verp]\nmax-age-days = many\n'
  > try '[verp]\nlist = x\n'
  > try '[list]\n'
  > try '[list ]\n'
  > try '[list news]\nverb = x\n'
  > try '[list news]\nverp = news@lists.example\n'
  > try '[list news]\nverp = n-{token@lists.example\n'
  > try '[list news]\nverp = n-{token}@l.example\nverp = m-{token}@l.example\n'
  > try '[list news]\nverp = n-{token}@l.example\n[list News]\n'
  > try '[nixie]\nsubscriber-header = X Y\n'
  > END
  $ sh try.sh
  nixie: c.conf:2: unknown key "keyfile"; did you mean "key-file"?; known is: key-file, max-age-days
  78
  nixie: c.conf:2: key-file is no full path; begin it with "/"
  78
  nixie: c.conf:2: max-age-days is no number from 1 to 3650
  78
  nixie: c.conf:2: max-age-days is no number from 1 to 3650
  78
  nixie: c.conf:2: unknown key "list"; known is: key-file, max-age-days
  78
  nixie: c.conf:1: unknown group "list"; known is: nixie, verp, address, proof, forward, notices, run, privacy, serve, list NAME, policy, policy NAME
  78
  nixie: c.conf:1: the list has no name; write [list NAME]
  78
  nixie: c.conf:2: unknown key "verb"; did you mean "verp"?; known is: verp, confirm, owner, language, hook
  78
  nixie: c.conf:2: the pattern "news@lists.example" tells no subscriber; it needs {token}, or {user} and {domain}
  78
  nixie: c.conf:2: the pattern "n-{token@lists.example" may hold {user}, {domain}, {token} and {number} in braces, no other
  78
  nixie: c.conf:3: verp stands in line 2 already; remove one of them
  78
  nixie: c.conf:3: [list News] stands in line 1 already; remove one of them
  78
  nixie: c.conf:2: subscriber-header is no name of a header field; give one name
  78
