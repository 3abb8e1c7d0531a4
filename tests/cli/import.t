subscriber import: CSV as people have it.

  $ nixie list add news
  $ printf 'Name,Email\r\n"Doe, Jane",jane@example.com\r\n,"joe@example.com"\r\n' >a.csv
  $ nixie subscriber import a.csv
  news: 2 added, 0 there before, 0 bad lines
  $ nixie subscriber import a.csv
  news: 0 added, 2 there before, 0 bad lines
  $ nixie subscriber show jane@example.com | grep Name
    Name      Doe, Jane

Without a header the first column is the address. Empty lines, a byte order mark, semicolons and tabulators.

  $ printf '\357\273\277k1@example.com,x\n\n  \nk2@example.com\n' | nixie subscriber import -
  news: 2 added, 0 there before, 0 bad lines
  $ printf 'name;address\nX;s1@example.com\n' | nixie subscriber import -
  news: 1 added, 0 there before, 0 bad lines
  $ printf 'address\tname\nt1@example.com\tX\n' | nixie subscriber import -
  news: 1 added, 0 there before, 0 bad lines
  $ printf 'address\n"Jane Doe" <jane2@example.com>\nJoe <joe2@example.com>\n' >angle.csv
  $ nixie subscriber import angle.csv
  news: 1 added, 0 there before, 1 bad line
  ! nixie: angle.csv:2: a quote is not closed, or stands inside a field
  [65]
  $ nixie subscriber list | grep -c @
  7

Bad lines are reported and counted, the good ones are imported.

  $ printf 'address,name\ngood1@example.com,x\nbad\n,nobody\ngood2@example.com\n"two\nlines"@example.com\ngood3@example.com\n"open@example.com\n' >bad.csv
  $ nixie subscriber import bad.csv
  news: 3 added, 0 there before, 4 bad lines
  ! nixie: bad.csv:3: “bad” is not a mail address (local@domain)
  ! nixie: bad.csv:4: there is no address in this line
  ! nixie: bad.csv:6: a quote is not closed, or stands inside a field; passed over up to line 7
  ! nixie: bad.csv:9: a quote is not closed, or stands inside a field; passed over up to line 10
  [65]
  $ nixie subscriber show good3@example.com | head -n 1
  good3@example.com
  $ (echo address; seq 30; echo good4@example.com) >many.csv
  $ nixie subscriber import many.csv
  news: 1 added, 0 there before, 30 bad lines
  ! nixie: many.csv:2: “1” is not a mail address (local@domain)
  ! nixie: many.csv:3: “2” is not a mail address (local@domain)
  ! nixie: many.csv:4: “3” is not a mail address (local@domain)
  ! nixie: many.csv:5: “4” is not a mail address (local@domain)
  ! nixie: many.csv:6: “5” is not a mail address (local@domain)
  ! nixie: many.csv:7: “6” is not a mail address (local@domain)
  ! nixie: many.csv:8: “7” is not a mail address (local@domain)
  ! nixie: many.csv:9: “8” is not a mail address (local@domain)
  ! nixie: many.csv:10: “9” is not a mail address (local@domain)
  ! nixie: many.csv:11: “10” is not a mail address (local@domain)
  ! nixie: many.csv:12: “11” is not a mail address (local@domain)
  ! nixie: many.csv:13: “12” is not a mail address (local@domain)
  ! nixie: many.csv:14: “13” is not a mail address (local@domain)
  ! nixie: many.csv:15: “14” is not a mail address (local@domain)
  ! nixie: many.csv:16: “15” is not a mail address (local@domain)
  ! nixie: many.csv:17: “16” is not a mail address (local@domain)
  ! nixie: many.csv:18: “17” is not a mail address (local@domain)
  ! nixie: many.csv:19: “18” is not a mail address (local@domain)
  ! nixie: many.csv:20: “19” is not a mail address (local@domain)
  ! nixie: many.csv:21: “20” is not a mail address (local@domain)
  ! nixie: many.csv:22: from here on, bad lines are only counted
  [65]
  $ printf 'caf\351@example.com\nx\033[31m@example.com\n' | nixie subscriber import -
  news: 0 added, 0 there before, 2 bad lines
  ! nixie: -:1: “caf�@example.com” is not a mail address (local@domain)
  ! nixie: -:2: “x[31m@example.com” is not a mail address (local@domain)
  [65]

A quote that is never closed does not swallow the file, nor the memory.

  $ (echo 'a1@example.com'; echo '"a2@example.com'; seq -f 'u%g@example.com' 10000; echo a3@example.com) >quote.csv
  $ nixie subscriber import quote.csv
  news: 6,300 added, 0 there before, 1 bad line
  ! nixie: quote.csv:2: this record does not end; is a quote not closed?; passed over up to line 3704
  [65]
  $ head -c 3000000 /dev/zero | tr '\0' x | nixie subscriber import -
  news: 0 added, 0 there before, 1 bad line
  ! nixie: -:1: this record does not end; is a quote not closed?
  [65]

What is no CSV.

  $ head -c 100000 /dev/urandom >noise; printf '\0' >>noise; nixie subscriber import noise
  ! nixie: noise: this is no text; save it as CSV in UTF-8
  [65]
  $ printf '\376\377\0a\0@' | nixie subscriber import -
  ! nixie: -: this is no text; save it as CSV in UTF-8
  [65]
  $ nixie subscriber import /dev/null
  news: 0 added, 0 there before, 0 bad lines
  $ nixie subscriber import nosuch.csv
  ! nixie: nosuch.csv: No such file or directory
  [66]
  $ nixie subscriber import .
  ! nixie: .: Is a directory
  [66]

Export and import again: the same subscribers, also such as a spreadsheet would take for a formula.

  $ nixie -q subscriber add =1+1@example.com +x@example.com "o'brien@example.com" dörte@example.com
  $ nixie subscriber export >out.csv
  $ grep -e 1+1 -e ^news,.+x -e brien -e rte out.csv
  news,'+x@example.com,,active,0.0000,
  news,'=1+1@example.com,,active,0.0000,
  news,dörte@example.com,,active,0.0000,
  news,o'brien@example.com,,active,0.0000,
  $ nixie list add news --database copy.db; nixie -q subscriber import out.csv --database copy.db
  $ nixie subscriber export --database copy.db | cmp - out.csv
  $ nixie subscriber export --list news --state suspended
  list,address,name,state,score,since
