preset: what a list manager's arithmetic makes due is done by nixie run, for readers who are not suspended too.

  $ mkdir sent
  $ cat >sendmail <<END
  > #!/bin/sh
  > cd $PWD/sent
  > number=\$(ls | wc -l)
  > { echo "\$*"; cat; } >"\$number"
  > END
  $ chmod +x sendmail
  $ cat >use <<END
  > #!/bin/sh
  > # use KEYS: a fresh database with this policy.
  > rm -f nixie.db* sent/*
  > printf '[nixie]\nrules = $PWD/.rules\n[notices]\nsendmail = $PWD/sendmail -i -t\n[policy]\n%b\n' "\$1" >.nixie.conf
  > nixie list add news news@lists.example.org
  > nixie -q subscriber add --list news reader@example.com
  > END
  $ cat >bounce <<'END'
  > # bounce DAY [MAIL]: a failure, of that mail if there is one.
  > $CASES/make-bounce reader@example.com "$1" failed 5.1.1 '550 5.1.1 xyzzy' $(test -z "$2" || sed -n '1s/.* //p' sent/$2) | nixie -q scan -
  > END

mlmmj: a probe goes to a reader who is active, and says nothing of a suspension; what comes back is answered by the
next one, and after five and a half days by the end.

  $ sh use 'preset = mlmmj'
  $ sh bounce '10 Jan 2026'
  $ nixie run --now 2026-01-11
  1 probed, 1 mail sent
  $ grep -c 'nothing since' sent/0
  0
  [1]
  $ nixie run --now 2026-01-11
  nothing to do
  $ sh bounce '11 Jan 2026' 0
  $ nixie why reader@example.com | sed -n '/Next/,$p'
    Next:  with the next nixie run the reader gets a mail, to see whether it
           arrives.
  $ nixie run --now 2026-01-17
  1 probed, 1 mail sent
  $ sh bounce '17 Jan 2026' 1
  $ nixie run --now 2026-01-18 --dry-run
  would tell reader@example.com of its removal (news)
  $ nixie run --now 2026-01-18
  1 removed, 1 mail sent
  $ nixie why reader@example.com | sed -n '/CHANGES/,$p'
    CHANGES
    2026-01-18  active -> removed: bounced for too long, and its probes came back (score 1.00; change 1)

    DECIDED
    2026-01-11  step 1  a mail was sent to see whether it arrives: reader@example.com
    2026-01-17  step 2  a mail was sent to see whether it arrives: reader@example.com
    2026-01-18  step 3  removed by the policy: reader@example.com

    Next:  nothing; the subscription has ended. nixie subscriber restore brings it
           back.

ezmlm: a warning, a probe, the end; the bounce of the probe ends it.

  $ sh use 'preset = ezmlm'
  $ sh bounce '10 Jan 2026'
  $ nixie run --now 2026-01-19
  nothing to do
  $ nixie run --now 2026-01-22
  1 warned, 1 mail sent
  $ grep -c 'nothing since' sent/0
  0
  [1]
  $ sh bounce '23 Jan 2026' 0
  $ nixie run --now 2026-02-05
  1 probed, 1 mail sent
  $ sh bounce '6 Feb 2026' 1
  $ nixie why reader@example.com | sed -n '/CHANGES/,$p'
    CHANGES
    2026-02-06  active -> removed: the probe bounced (score 1.00; change 1)

    DECIDED
    2026-01-22  step 1  a warning was sent: reader@example.com
    2026-02-05  step 2  a mail was sent to see whether it arrives: reader@example.com

    Next:  nothing; the subscription has ended. nixie subscriber restore brings it
           back.

Mailman 3 with probes.

  $ sh use 'preset = mailman3\nverp-probes = yes'
  $ for day in 10 11 12 13 14; do sh bounce "$day Jan 2026"; done
  $ nixie run --now 2026-01-15
  1 probed, 1 mail sent
  $ sh bounce '16 Jan 2026' 0
  $ nixie run --now 2026-01-17
  1 warned, 1 mail sent
  $ grep -h 'ends on' sent/1
  Without an answer your subscription ends on 2026-02-07.
  $ nixie run --now 2026-01-24
  1 warned, 1 mail sent
  $ nixie run --now 2026-01-31
  1 warned, 1 mail sent
  $ nixie run --now 2026-02-06
  nothing to do
  $ nixie run --now 2026-02-07
  1 removed, 1 mail sent

Sympa: a warning on the Monday after level 1 was reached, the end at level 2.

  $ sh use 'preset = sympa'
  $ cat >month <<'END'
  > # month FIRST LAST: a post and a bounce on each of these days of a year.
  > for number in $(seq $1 $2); do
  > day=$(date -u -d "2026-01-01 +$number days" '+%d %b %Y')
  > printf 'From: editor@example.org\nDate: %s 08:00:00 +0000\nMessage-ID: <day%d@lists.example.org>\n\nnews\n' "$day" "$number" | nixie -q post --list news
  > sh bounce "$day"
  > done
  > END
  $ sh month 0 50
  $ nixie run --now 2026-02-22
  1 warned, 1 mail sent
  $ nixie run --now 2026-02-23
  1 warned, 1 mail sent
  $ nixie run --now 2026-02-24
  nothing to do
  $ sh month 51 80
  $ nixie run --now 2026-03-23
  1 warned, 1 mail sent
  $ nixie run --now 2026-03-30
  1 removed, 1 mail sent
  $ nixie why reader@example.com | sed -n '/CHANGES/,$p'
    CHANGES
    2026-03-30  active -> removed: the bounce score reached a level that removes (score 81.00; change 1)

    DECIDED
    2026-02-22  step 1  a warning was sent: reader@example.com
    2026-02-23  step 2  a warning was sent: reader@example.com
    2026-03-23  step 3  a warning was sent: reader@example.com
    2026-03-30  step 4  removed by the policy: reader@example.com

    Next:  nothing; the subscription has ended. nixie subscriber restore brings it
           back.
