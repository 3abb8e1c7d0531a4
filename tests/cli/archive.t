Archives: what is compressed or packed is read as it lies there, by what it is and not by its name.

%mask in \d+\.\d s\. => in TIME.
%mask ; \d[\d.]* (kB|bytes) => ; SIZE

  $ mkdir -p mails/m/cur mails/m/new mails/m/tmp
  $ for day in 10 11 12; do
  >   echo "From MAILER-DAEMON Fri Jan $day 12:00:00 2020"
  >   $CASES/make-bounce dead@example.com "$day Jan 2020" failed 5.1.1 '550 5.1.1 xyzzy'
  >   echo
  > done >mails/in.mbox
  $ $CASES/make-bounce full@example.com '10 Jan 2020' failed 4.2.2 '452 4.2.2 xyzzy' >mails/m/cur/1:2,S
  $ cat >pack.py <<'END'
  > import bz2, gzip, io, lzma, tarfile, zipfile
  > mbox = open('mails/in.mbox', 'rb').read()
  > open('in.gz', 'wb').write(gzip.compress(mbox))
  > open('in.bz2', 'wb').write(bz2.compress(mbox))
  > open('in', 'wb').write(lzma.compress(mbox))
  > for name, mode in (('mails.tar', 'w'), ('mails.tar.gz', 'w:gz'), ('mails.tbz', 'w:bz2'), ('mails.tar.xz', 'w:xz')):
  >     with tarfile.open(name, mode) as tar:
  >         tar.add('mails')
  > with zipfile.ZipFile('all.zip', 'w', zipfile.ZIP_DEFLATED) as pack:
  >     for name in ('mails.tar.gz', 'in.bz2', 'mails/in.mbox'):
  >         pack.write(name)
  > END
  $ python3 pack.py
  $ nixie check --json mails/in.mbox | sed 's,mails/in.mbox,PATH,' >want
  $ for name in in.gz in.bz2 in; do nixie check --json $name | sed "s,\"$name\",\"PATH\"," | cmp want - && echo $name; done
  in.gz
  in.bz2
  in
  $ for name in mails.tar mails.tar.gz mails.tbz mails.tar.xz all.zip; do
  >   nixie check --json $name | sed 's/^{"file":"\([^"]*\)","offset":\([0-9]*\),.*/\1 \2/' | LC_ALL=C sort -s -k 1,1
  > done
  mails.tar/mails/in.mbox 0
  mails.tar/mails/in.mbox 747
  mails.tar/mails/in.mbox 1494
  mails.tar/mails/m/cur/1:2,S 0
  mails.tar.gz/mails/in.mbox 0
  mails.tar.gz/mails/in.mbox 747
  mails.tar.gz/mails/in.mbox 1494
  mails.tar.gz/mails/m/cur/1:2,S 0
  mails.tbz/mails/in.mbox 0
  mails.tbz/mails/in.mbox 747
  mails.tbz/mails/in.mbox 1494
  mails.tbz/mails/m/cur/1:2,S 0
  mails.tar.xz/mails/in.mbox 0
  mails.tar.xz/mails/in.mbox 747
  mails.tar.xz/mails/in.mbox 1494
  mails.tar.xz/mails/m/cur/1:2,S 0
  all.zip/in.bz2 0
  all.zip/in.bz2 747
  all.zip/in.bz2 1494
  all.zip/mails.tar.gz/mails/in.mbox 0
  all.zip/mails.tar.gz/mails/in.mbox 747
  all.zip/mails.tar.gz/mails/in.mbox 1494
  all.zip/mails.tar.gz/mails/m/cur/1:2,S 0
  all.zip/mails/in.mbox 0
  all.zip/mails/in.mbox 747
  all.zip/mails/in.mbox 1494
  $ nixie check <in.gz | tail -n 6

  3 messages: 3 reports, 0 other mails
    permanent           3  user-unknown 3
    transient           0
    blocked             0
    benign              0

A scan of the same mails in another wrapping adds nothing.

  $ nixie list add news
  $ nixie scan -q mails
  $ for name in in.gz mails.tbz all.zip; do nixie scan $name | sed -n 3p; done
  3 events: 0 new, 3 known before
  4 events: 0 new, 4 known before
  10 events: 0 new, 10 known before
  $ cat mails.tar.gz | nixie scan - | sed -n 1,3p
  Read 4 messages: 4 reports, 0 other mails; SIZE in TIME.

  4 events: 0 new, 4 known before

What was cut or is damaged: what is there is read, and the status says that it is not all.

  $ python3 -c '
  > data = open("mails.tar.gz", "rb").read(); open("cut.tar.gz", "wb").write(data[:-40])
  > data = open("in.gz", "rb").read(); open("cut.gz", "wb").write(data[:-8])
  > data = open("mails.tar", "rb").read(); open("cut.tar", "wb").write(data[:5000])
  > data = open("all.zip", "rb").read(); open("cut.zip", "wb").write(data[:len(data) // 3])'
  $ nixie check --json cut.gz | wc -l
  3
  ! nixie: cut.gz: gzip: ends too early; what is there is read
  $ nixie check --json cut.tar.gz >out; echo $?; test -s out
  66
  ! nixie: cut.tar.gz: gzip: ends too early; what is there is read
  $ nixie check --json cut.tar | wc -l
  3
  ! nixie: cut.tar/mails/in.mbox: ends too early; what is there is read
  $ nixie scan cut.zip mails.tar | sed -n '/^Unreadable/p'
  Unreadable   1
  ! nixie: cut.zip/mails.tar.gz: ends too early; what is there is read

A bomb is given up; what lies beside it is read.

  $ python3 -c '
  > import gzip, io, tarfile
  > bomb = gzip.compress(gzip.compress(bytes(200 << 20)))
  > with tarfile.open("bomb.tar", "w") as tar:
  >     info = tarfile.TarInfo("bomb"); info.size = len(bomb); tar.addfile(info, io.BytesIO(bomb))
  >     tar.add("mails/in.mbox")'
  $ nixie check --json bomb.tar | grep -c dead@example.com
  3
  ! nixie: bomb.tar/bomb: unpacks to more than 500 times its size, which no mail does; what comes behind is not read

A message on stdin of deliver is one message, whatever it looks like.

  $ nixie deliver <in.gz
