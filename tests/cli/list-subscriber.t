list and subscriber: who is on the lists, in and out.

  $ nixie list
  ! nixie: there is no database $DIR/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  [66]
  $ nixie subscriber add a@example.com
  ! nixie: there is no database $DIR/nixie.db yet; make one with "nixie list add NAME" or "nixie scan PATH", or name another with --database
  [66]
  $ nixie list add news news@lists.example.org
  $ nixie list
  LIST     ACTIVE  SUSPENDED    REMOVED  ADDRESS
  news          0          0          0  news@lists.example.org
  $ nixie subscriber
  ! nixie: there is no such subscriber
  $ nixie subscriber add a@example.com B@Example.COM
  a@example.com is now on news
  B@Example.COM is now on news
  $ nixie subscriber add a@EXAMPLE.com
  a@EXAMPLE.com was already on news
  $ nixie subscriber show b@example.com
  B@Example.COM
    List      news
    State     active
    Score     0.00 of 2.50
    Events    0
  $ nixie subscriber show nobody@example.com
  ! nixie: nobody@example.com is on no list; "nixie why" also finds events on addresses that are no subscribers
  [66]

All of them or none.

  $ nixie subscriber add c@example.com not-an-address
  ! nixie: “not-an-address” is not a mail address (local@domain)
  [65]
  $ nixie subscriber show c@example.com
  ! nixie: c@example.com is on no list; "nixie why" also finds events on addresses that are no subscribers
  [66]

With two lists one must be named; names are found in any case.

  $ nixie list add announce
  $ nixie subscriber add c@example.com
  ! nixie: there are 2 lists; say which one with --list NAME (see nixie list)
  ! Try "nixie subscriber --help".
  [64]
  $ nixie subscriber add c@example.com --list Announce
  c@example.com is now on announce
  $ nixie subscriber add c@example.com --list anounce
  ! nixie: there is no list "anounce"; did you mean "announce"?
  [66]
  $ nixie list
  LIST         ACTIVE  SUSPENDED    REMOVED  ADDRESS
  announce          1          0          0
  news              2          0          0  news@lists.example.org
  $ nixie subscriber list --list announce
  STATE      SCORE  SINCE       LIST      ADDRESS
  active      0.00  -           announce  c@example.com
  $ nixie subscriber list --list nosuch
  ! nixie: there is no list "nosuch"; see nixie list, and nixie list add
  [66]
  $ nixie subscriber list --state suspended
  ! nixie: there is no such subscriber
  $ nixie subscriber list --state removed --list news
  ! nixie: there is no such subscriber

The address of a list can be given later.

  $ nixie list add announce announce@lists.example.org
  $ nixie list show
  LIST         ACTIVE  SUSPENDED    REMOVED  ADDRESS
  announce          1          0          0  announce@lists.example.org
  news              2          0          0  news@lists.example.org
  $ nixie list add '' x@example.org
  ! nixie: a list needs a name
  [65]
  $ nixie list add x not-an-address
  ! nixie: “not-an-address” is not a mail address (local@domain)
  [65]
  $ nixie list add "$(printf 'a\033[31mb')"
  ! nixie: the list's name is too long, no UTF-8, or has a control character in it
  [65]

Quiet.

  $ nixie -q subscriber add d@example.com --list news
