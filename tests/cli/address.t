What the configuration says of addresses decides whose subscription a report is about.

  $ nixie list add news news@lists.example.org
  $ for address in joan@post.example max+news@post.example eva@gmail.com; do nixie -q subscriber add $address; done
  $ cat >try.sh <<'END'
  > # try.sh ADDRESS [SETTING [TARGET]]: who of the subscribers has a report after one that names ADDRESS?
  > cp nixie.db try.db
  > { cat .nixie.conf; echo '[address]'; printf '%s\n' "$2"; } >try.conf
  > $CASES/make-bounce "$1" '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >plain.eml
  > sed "s/^Action:/${3:+X-Actual-Recipient: rfc822; $3\\n}Action:/" plain.eml >try.eml
  > nixie scan -q --config try.conf --database try.db try.eml
  > nixie subscriber | sed -n 's/.* //; /@/p' | while read address; do
  >   nixie why "$address" --database try.db | sed -n "/^Reports on/q; s/.*said.*xyzzy.*/$address/p"
  > done
  > END

Without a word on it: case does not count, a tag and a domain do.

  $ sh try.sh JOAN@Post.Example
  joan@post.example
  $ sh try.sh max@post.example
  $ sh try.sh joan+x@post.example
  $ sh try.sh eva@googlemail.com

The case of a local part counts, if you say so, but not that of the domain.

  $ sh try.sh JOAN@post.example 'local-part-case = keep'
  $ sh try.sh joan@POST.example 'local-part-case = keep'
  joan@post.example
  $ sh try.sh JOAN@post.example 'local-part-case = ignore'
  joan@post.example

A tag may be lost or added, but is not exchanged.

  $ sh try.sh max@post.example 'subaddress = ignore'
  max+news@post.example
  $ sh try.sh joan+x@post.example 'subaddress = ignore'
  joan@post.example
  $ sh try.sh max+talk@post.example 'subaddress = ignore'
  $ sh try.sh max@post.example 'subaddress = keep'

Two that fit are none, unless one is the very address.

  $ nixie -q subscriber add max+talk@post.example
  $ sh try.sh max@post.example 'subaddress = ignore'
  $ sh try.sh max+talk@post.example 'subaddress = ignore'
  max+talk@post.example
  $ nixie -q subscriber add max@post.example
  $ sh try.sh max@post.example 'subaddress = ignore'
  max@post.example

Domains that are the same.

  $ sh try.sh eva@googlemail.com 'same-domains = mail.example post.example; googlemail.com gmail.com'
  eva@gmail.com
  $ sh try.sh JOAN@mail.example 'same-domains = mail.example post.example; googlemail.com gmail.com'
  joan@post.example
  $ sh try.sh joan@gmail.com 'same-domains = mail.example post.example; googlemail.com gmail.com'

The alias that the list wrote to comes before its target, which counts when nobody knows the alias.

  $ sh try.sh joan@post.example '' eva@gmail.com
  joan@post.example
  $ sh try.sh unknown@post.example '' eva@gmail.com
  eva@gmail.com
