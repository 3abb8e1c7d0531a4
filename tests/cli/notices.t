notices: readers are warned, probed and removed, answer and come back; their mails' bounces are linked; owners are told.

%mask (confirm|enable|notice)-[0-9a-hjkmnp-tv-z]{24} => \1-TOKEN
%mask (?<=  )\d\.\d\d(?=  2026-01-16) => SCORE
%mask ^Message-Id: <\d+\.[0-9a-f]{16}@ => Message-Id: <ID@
%mask (?<=step \d: )\d{4}-\d\d-\d\d => TODAY
%mask ^\d{4}-\d\d-\d\d(?=  step \d+  (answered|the reader came)) => TODAY

A sendmail that keeps what it gets.

  $ mkdir sent
  $ cat >sendmail <<END
  > #!/bin/sh
  > cd $PWD/sent
  > number=\$(ls | wc -l)
  > { echo "\$*"; cat; } >"\$number"
  > END
  $ chmod +x sendmail
  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [list news]
  > owner = owner@example.org
  > END
  $ nixie list add news news@lists.example.org
  $ nixie -q subscriber add --list news reader@example.com other@example.com
  $ for day in 14 15 16; do $CASES/make-bounce reader@example.com "$day Jan 2026" failed 5.1.1 '550 5.1.1 no such user' | nixie -q scan -; done
  $ nixie subscriber list --state suspended
  STATE      SCORE  SINCE       LIST  ADDRESS
  suspended   SCORE  2026-01-16  news  reader@example.com
  $ $CASES/set-due nixie.db reader@example.com warn 2026-01-16

Without a sendmail the mail waits, is not queued twice, and nobody gets to the next step.

  $ nixie run --dry-run --now 2026-01-17
  would warn reader@example.com (news)
  $ nixie outbox
  ! nixie: nothing waits to be told
  $ nixie run --now 2026-01-17
  1 warned, 1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ $CASES/set-due nixie.db reader@example.com remove 2026-01-18
  $ nixie run --now 2026-01-20
  1 mail waits
  ! nixie: no mail can be sent: the configuration names no sendmail in [notices]
  $ nixie outbox
  1  warn reader@example.com (news)
        since 2026-01-17 00:00, tried 0 times, next 2026-01-17 00:00

With one it leaves, with a token in the address that answers and bounces go to.

  $ printf '[notices]\nsendmail = %s/sendmail -i -t\n' "$PWD" >>.nixie.conf
  $ nixie run --now 2026-01-21
  1 mail sent
  $ nixie run --now 2026-01-21
  nothing to do
  $ cat sent/0
  -i -t -f news-bounces+enable-TOKEN@lists.example.org
  Date: Wed, 21 Jan 2026 00:00:00 +0000
  From: news <news-bounces+enable-TOKEN@lists.example.org>
  Reply-To: news-bounces+enable-TOKEN@lists.example.org
  Subject: news: mail to you comes back [enable-TOKEN]
  To: reader@example.com
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hello,

  mail from the mailing list news to your address

      reader@example.com

  came back. The list has sent you nothing since 2026-01-16.

  The last report, of 2026-01-16, says:
      550 5.1.1 no such user

  If you read this and would like to get the list's mail again, please answer
  this mail. You need not write anything.

  Without an answer your subscription ends on 2026-02-07.

  Should your mail program not answer to the right place, the address is
      news-bounces+enable-TOKEN@lists.example.org

  $ nixie outbox
  ! nixie: nothing waits to be told
  $ sed -n '1s/.* //p' sent/0 >token
  $ grep -c "$(sed 's/.*enable-//; s/@.*//' token)" nixie.db
  0
  [1]

Its bounce is linked to the step; what a program answers does nothing, nor does a made-up token.

  $ $CASES/make-bounce reader@example.com '22 Jan 2026' failed 5.1.1 '550 5.1.1 no such user' | nixie deliver --envelope-to "$(cat token)"
  $ python3 -c 'import sqlite3; print(sqlite3.connect("nixie.db").execute("SELECT step_id, proof FROM events WHERE step_id IS NOT NULL").fetchall())'
  \[(1, 'signed')]
  $ cat >answer <<'END'
  > printf 'From: <reader@example.com>\nTo: %s\nSubject: Re: news\n%s\n\nyes\n' "$1" "$2"
  > END
  $ sh answer "$(cat token)" 'Auto-Submitted: auto-replied' | nixie deliver --not-a-bounce 99
  $ sh answer news-bounces+enable-0123456789abcdefghjkmnpq@lists.example.org 'X-A: b' | nixie -v deliver 2>&1 | grep token
  nixie: no reader was sent this token
  $ nixie subscriber list --state active
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  other@example.com

A person's answer brings the reader back, once, even when it comes in another case.

  $ sh answer "$(tr a-z A-Z <token)" 'X-A: b' | nixie -v deliver --not-a-bounce 99 2>&1 | grep answered
  nixie: step 2: reader@example.com has answered, and is active on news again
  $ sh answer "$(cat token)" 'X-A: b' | nixie -v deliver --not-a-bounce 99 2>&1 | grep token
  nixie: the token of reader@example.com on news was used already
  $ nixie undo 2
  ! nixie: step 2 is taken back

He is removed, and told.

  $ $CASES/set-due nixie.db reader@example.com remove 2026-01-18
  $ nixie run --now 2026-02-01
  1 removed, 1 mail sent
  $ sed 's/^-i -t -f.*/-i -t -f TOKEN/' sent/1
  -i -t -f TOKEN
  Date: Sun, 01 Feb 2026 00:00:00 +0000
  From: news <news-bounces+enable-TOKEN@lists.example.org>
  Reply-To: news-bounces+enable-TOKEN@lists.example.org
  Subject: news: your subscription has ended [enable-TOKEN]
  To: reader@example.com
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hello,

  your subscription to the mailing list news with the address

      reader@example.com

  has ended, since mail to it kept coming back.

  The last report, of 2026-01-22, says:
      550 5.1.1 no such user

  If you read this and would like to stay, please answer this mail, and you are
  subscribed again. You need not write anything. The address for answers is
      news-bounces+enable-TOKEN@lists.example.org

The owner gets a digest once a week, when something happened.

  $ nixie run --now 2026-02-09
  1 mail sent
  $ sed 's/^-i -t -f.*/-i -t -f TOKEN/' sent/2
  -i -t -f TOKEN
  Date: Mon, 09 Feb 2026 00:00:00 +0000
  From: news <news-bounces+notice-TOKEN@lists.example.org>
  Reply-To: owner@example.org
  Subject: news: the bounces from 2026-02-01 to 2026-02-09
  To: owner@example.org
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hello,

  this is what happened to the readers of news from 2026-02-01 to 2026-02-09.

  Removed (1):
    reader@example.com  2026-02-01
        was suspended for too long

  What is behind it, for one address:  nixie why ADDRESS

  $ nixie run --now 2026-02-20
  nothing to do

His answer to that brings him back too. What scan reads does the same.

  $ sed -n '1s/.* //p' sent/1 >token
  $ mkdir answers; sh answer "$(cat token)" 'X-A: b' >answers/1.eml
  $ nixie -q scan answers >/dev/null
  $ nixie subscriber list --state removed
  ! nixie: there is no such subscriber

Languages, for all lists and for one; templates of the site.

  $ printf 'language = de\ntemplates = %s/templates\n' "$PWD" >>.nixie.conf
  $ nixie run
  ! nixie: $DIR/.nixie.conf:8: templates is no folder; make it, or remove the line
  [78]
  $ mkdir -p templates/de
  $ printf 'Subject: {list} {mark}\n\nHallo {name}\n' >templates/de/warning.txt
  $ nixie run
  ! nixie: $DIR/templates/de/warning.txt:3: there is no placeholder {name} in this mail; known are: list, list-address, address, reply, mark, diagnostic, date, since, until
  [78]
  $ printf 'Subject: {list}: Rückläufer [{mark}]\n\nHallo {address}!\n\n{?until}\nBis {until}.\n' >templates/de/warning.txt
  $ for day in 21 22 23; do $CASES/make-bounce other@example.com "$day Feb 2026" failed 5.1.1 '550 5.1.1 no such user' | nixie -q scan -; done
  $ $CASES/set-due nixie.db other@example.com warn 2026-02-23
  $ nixie -q run --now 2026-02-24
  $ sed 's/^-i -t -f.*/-i -t -f TOKEN/' sent/3
  -i -t -f TOKEN
  Date: Tue, 24 Feb 2026 00:00:00 +0000
  From: news <news-bounces+enable-TOKEN@lists.example.org>
  Reply-To: news-bounces+enable-TOKEN@lists.example.org
  Subject: news: =?UTF-8?B?UsO8Y2tsw6R1ZmVy?= [enable-TOKEN]
  To: other@example.com
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hallo other@example.com!

  Bis 2026-03-17.

  $ sed -i 's/^owner.*/&\nlanguage = xx/' .nixie.conf
  $ nixie run
  ! nixie: [list news]: there are no mails in the language "xx"; there are: de en es fr ja. See templates in the group [notices]
  [78]
  $ sed -i 's/^language = xx/language = ja/' .nixie.conf
  $ $CASES/set-due nixie.db other@example.com probe 2026-02-23
  $ nixie run --now 2026-02-25
  1 probed, 1 mail sent
  $ sed 1d sent/4 | python3 -c 'import email.policy, sys; m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default); print(m["Subject"]); print(m.get_content())'
  news: このメールは届いていますか [enable-TOKEN]
  こんにちは。

  メーリングリスト news から次のアドレスにお送りしたメールの一部が、
  届かずに戻ってきました。

      other@example.com

  このメールは、現在も届かないかどうかを確かめるためのものです。
  お読みになれる場合は問題ありません。何もしていただく必要はありません。

  最後の通知（2026-02-23）の内容:
      550 5.1.1 no such user

  しばらくメーリングリストのメールが届いていない場合は、このメールに
  ご返信ください。本文は何も書かなくてかまいません。返信先:
      news-bounces+enable-TOKEN@lists.example.org
  \

A sendmail that fails: the mail is kept and tried again.

  $ printf '#!/bin/sh\necho "queue is full" >&2\nexit 75\n' >sendmail
  $ $CASES/set-due nixie.db other@example.com warn 2026-02-23
  $ nixie run --now 2026-03-10T12:00:00
  1 warned, 2 put off, 2 mails wait
  ! nixie: $DIR/sendmail: it ended with status 75: queue is full; the mail was not sent. See sendmail in the group [notices] of the configuration
  ! nixie: see nixie outbox for what was put off or given up
  [75]
  $ nixie outbox
  6  warn other@example.com (news)
        since 2026-03-10 12:00, tried 1 time, next 2026-03-10 12:01
        $DIR/sendmail: it ended with status 75: queue is full; the mail was not sent. See sendmail in the group [notices] of the configuration
  7  tell the owner what happened from 2026-02-20 to 2026-03-10 (news)
        since 2026-03-10 12:00, tried 1 time, next 2026-03-10 12:01
        $DIR/sendmail: it ended with status 75: queue is full; the mail was not sent. See sendmail in the group [notices] of the configuration
  $ nixie -q run --now 2026-03-10T12:00:30
  $ nixie outbox drop 6 7
  $ nixie outbox list --list news
  ! nixie: nothing waits to be told
  $ nixie outbox drop 5
  ! nixie: nothing with the number 5 waits; nixie outbox shows what does
  [66]
  $ nixie outbox retry 6
  ! nixie: nothing with the number 6 waits; nixie outbox shows what does
  [66]

