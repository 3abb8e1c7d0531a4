One post, two hundred refusals, in whatever order they come and however often nixie run does: one mail to the owner.

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
  > [notices]
  > sendmail = $PWD/sendmail -i -t
  > digest-days = 0
  > [list news]
  > owner = owner@example.org
  > END
  $ for n in $(seq 120); do echo reader$n@big.example; done >readers
  $ for n in $(seq 50); do echo reader$n@second.example; done >>readers
  $ for n in $(seq 30); do echo reader$n@small$n.example; done >>readers
  $ cat >trickle <<'END'
  > # trickle: the refusals of the readers on stdin, ten at a time, with a run behind each ten.
  > rm -f nixie.db* sent/* part.*
  > nixie list add news news@lists.example.org
  > sed 1iaddress readers | nixie -q subscriber import - --list news
  > split -l 10 - part.
  > for part in part.*; do
  >   while read -r reader; do
  >     echo 'From x@y Sat Jan 10 12:00:00 2026'
  >     $CASES/make-bounce "$reader" '10 Jan 2026' failed 5.7.1 '550 5.7.1 refused: DMARC policy of example.org' | sed "s/mx.example.com/mx.${reader#*@}/"
  >     echo
  >   done <$part | nixie -q scan -
  >   nixie -q run --now 2026-01-10T13:00:00
  >   nixie -q run --now 2026-01-10T13:00:00
  > done
  > nixie -q run --now 2026-01-11
  > nixie -q run --now 2026-01-14
  > ls sent | wc -l
  > nixie incident | wc -l
  > nixie subscriber list --state active | awk 'NR > 1 { print $2 }' | sort | uniq -c | sed 's/^ *//'
  > END

By domains, the biggest first: what begins as one domain's turns out to be the post's.

  $ sh trickle <readers
  1
  2
  200 0.00
  $ sed -n '/^Hello/,/readers\.$/p' sent/0
  Hello,

  mail from news to 20 readers at big.example failed in the same way,
  between 2026-01-10 and 2026-01-10.

  One of the reports says:
      550 5.7.1 refused: DMARC policy of example.org

  That is about the post or about your mail server, not about the readers.
  $ nixie incident
    NO  SINCE       STATE   ADDRESSES  VERDICT    REASON          WHERE
     3  2026-01-10  closed        200  blocked    auth            news: post <post1@lists.example.org>

The biggest last, and mixed.

  $ tac readers | sh trickle
  1
  2
  200 0.00
  $ awk '{ print NR * 77 % 200, $0 }' readers | sort -n | cut -d ' ' -f 2 | sh trickle
  1
  2
  200 0.00
