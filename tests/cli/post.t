What a list sent, told by the list's own mails.

  $ nixie list add news news@lists.example.org; nixie list add talk
  $ printf 'From: a@example.org\nTo: news@lists.example.org\nList-Id: News <news.lists.example.org>\nMessage-ID: <1@lists.example.org>\nDate: Tue, 6 Jan 2026 10:00:00 +0000\n\nhello\n' >1.eml
  $ nixie -v post <1.eml
  ! nixie: configuration: $DIR/.nixie.conf
  ! nixie: database: $DIR/nixie.db
  ! nixie: <1@lists.example.org>: a post of news
  $ nixie -v post add <1.eml
  ! nixie: configuration: $DIR/.nixie.conf
  ! nixie: database: $DIR/nixie.db
  ! nixie: <1@lists.example.org>: was known as a post of news
  $ printf 'List-Post: <mailto:news@lists.example.org>\nMessage-ID: <2@lists.example.org>\nDate: Wed, 7 Jan 2026 10:00:00 +0000\n\n' | nixie post
  $ printf 'To: "The news" <news@lists.example.org>\nMessage-ID: <3@lists.example.org>\nDate: Thu, 8 Jan 2026 10:00:00 +0000\n\n' | nixie post
  $ nixie post --message-id 4@lists.example.org --date 2026-01-09 --list talk
  $ nixie post --message-id '<5@lists.example.org>' --date 2026-01-09T12:00:00Z --list news
  $ nixie post show --date 2026-01-01
  2026-01-06  news  <1@lists.example.org>
  2026-01-07  news  <2@lists.example.org>
  2026-01-08  news  <3@lists.example.org>
  2026-01-09  talk  <4@lists.example.org>
  2026-01-09  news  <5@lists.example.org>
  $ nixie post show --date 2026-01-09 --list news
  2026-01-09  news  <5@lists.example.org>

The earliest date that was told stays.

  $ nixie -v post --message-id '<5@lists.example.org>' --date 2026-01-10 --list news
  ! nixie: configuration: $DIR/.nixie.conf
  ! nixie: database: $DIR/nixie.db
  ! nixie: <5@lists.example.org>: was known as a post of news
  $ nixie post --message-id '<5@lists.example.org>' --date 2026-01-08 --list news
  $ nixie post show --date 2026-01-07 --list news
  2026-01-07  news  <2@lists.example.org>
  2026-01-08  news  <5@lists.example.org>
  2026-01-08  news  <3@lists.example.org>

A date that is ahead of ours is none: it is of now.

  $ printf 'Message-ID: <6@lists.example.org>\nDate: Tue, 6 Jan 2099 10:00:00 +0000\n\n' | nixie post --list talk
  $ nixie post show --list talk | sed "s/^$(date -u +%F)/TODAY/"
  TODAY  talk  <6@lists.example.org>

Bounces that return a post, and prove that it was ours, tell of it too; what proves less does not.

  $ nixie subscriber add reader@example.com --list news >/dev/null
  $ $CASES/make-bounce reader@example.com '10 Jan 2026' failed 5.1.1 '550 5.1.1 xyzzy' | sed 's/^Message-ID: <post.*/Message-ID: <7@lists.example.org>\nDate: Fri, 9 Jan 2026 20:00:00 +0000/' >7.eml
  $ nixie deliver <7.eml; sed 's/<7@lists.example.org/<8@elsewhere.example/' 7.eml | nixie deliver
  $ nixie post show --date 2026-01-09 --list news
  2026-01-09  news  <7@lists.example.org>

What is no post.

  $ nixie post </dev/null
  ! nixie: there is no mail on stdin; or give --message-id and --date
  [65]
  $ printf 'List-Id: <news.lists.example.org>\n\n' | nixie post
  ! nixie: the mail has no Message-ID, so that nothing that comes back can be told to be of it
  [65]
  $ printf 'Message-ID: <9@lists.example.org>\n\n' | nixie post
  ! nixie: there are 2 lists; say which one with --list NAME (see nixie list)
  ! Try "nixie post --help".
  [64]
  $ nixie post --message-id '<a b>' --list news
  ! nixie: “<a b>” is no Message-ID
  [65]
  $ nixie post --message-id 9@lists.example.org --list other
  ! nixie: there is no list "other"; see nixie list, and nixie list add
  [66]
  $ nixie post --message-id 9@lists.example.org --list news --date yesterday
  ! nixie: "yesterday" is no date; write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ
  ! Try "nixie post --help".
  [64]
  $ nixie post show --message-id 9@lists.example.org
  ! nixie: --message-id goes with add only
  ! Try "nixie post --help".
  [64]
  $ nixie post 9@lists.example.org
  ! nixie: unknown "post" command "9@lists.example.org"
  ! Try "nixie post --help".
  [64]
