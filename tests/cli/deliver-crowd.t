32 deliveries at once into one database that is not there yet: each is recorded, none fails.

  $ for i in $(seq 32); do
  >   $CASES/make-bounce reader$i@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >$i.eml
  > done
  $ for i in $(seq 32); do (nixie deliver <$i.eml; echo $? >$i.status) & done; wait
  $ cat *.status | sort | uniq -c | tr -s ' '
   32 0
  $ $CASES/dump-database nixie.db events | head -n 1
  events: 32 rows

The same 32 again, all at once, change nothing.

  $ $CASES/dump-database nixie.db >before
  $ for i in $(seq 32); do (nixie deliver <$i.eml; echo $? >$i.status) & done; wait
  $ cat *.status | sort | uniq -c | tr -s ' '
   32 0
  $ $CASES/dump-database nixie.db | cmp before -
