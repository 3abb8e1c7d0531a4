Reports that date themselves wrongly. The order of time decides what a subscriber's state is, so nobody may claim its end.

  $ nixie list add news news@lists.example.org
  $ nixie subscriber add --quiet healed@example.com dead@example.com
  $ for day in 10 11 12; do
  >   $CASES/make-bounce healed@example.com "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy' >healed.$day.eml
  >   $CASES/make-bounce dead@example.com "$day Jan 2099" failed 5.1.1 '550 5.1.1 xyzzy' >dead.$day.eml
  > done
  $ $CASES/make-bounce healed@example.com '10 Jan 2099' delivered 2.1.5 '250 2.1.5 xyzzy' >delivered.eml
  $ touch -d '2020-01-05 12:00 UTC' delivered.eml dead.*.eml

A report from the future counts as one without a date: when read from a file, it has the file's time.

  $ nixie scan --quiet delivered.eml healed.*.eml dead.*.eml
  $ nixie subscriber export
  list,address,name,state,score,since
  news,dead@example.com,,active,1.0000,
  news,healed@example.com,,suspended,2.9657,2020-01-12T12:00:00Z
  $ nixie why dead@example.com | grep -c 2099
  0
  [1]

A From_ line may lie too. Delivered, such a report has the time of delivery.

  $ (echo 'From MAILER-DAEMON Sat Jan 10 12:00:00 2099'; cat dead.10.eml) >from.eml
  $ touch -d '2020-01-04 12:00 UTC' from.eml
  $ nixie scan --quiet --database from.db from.eml && $CASES/dump-database from.db events | grep -c 1578139200
  1
  $ nixie deliver --database now.db <from.eml
  $ $CASES/dump-database now.db events | grep -c $(date +%s | cut -c 1-5)
  1

An old one keeps its date, and weighs what is left of it.

  $ $CASES/make-bounce old@example.com '1 Jan 1971' failed 5.1.1 '550 5.1.1 xyzzy' | nixie deliver --database old.db
  $ nixie why --database old.db old@example.com | grep -c 1971-01-01
  1
