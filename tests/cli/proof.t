What our own mail server has checked, and said in Authentication-Results, counts for the proof of a report.

  $ cat >proof.sh <<'END'
  > proof () { nixie check --json "$@" 2>&1 | sed 's/.*"recipient":"\([^"]*\)".*"proof":"\([^"]*\)".*"rule":"[^"]*"\(.*\)}/\1 \2\3/'; }
  > END
  $ printf '[proof]\nauthserv-id = mx.example.org mx2.example.org\n' >ours.conf
  $ printf '[proof]\nauthserv-id = mx.example.net\n' >other.conf
  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' bounce@example.org | sed 's/@lists.example.org/@elsewhere.example/' >bounce.eml
  $ (echo 'Authentication-Results: MX2.example.org 1; spf=pass smtp.helo=mx.example.com'; cat bounce.eml) >pass.eml
  $ (echo 'Authentication-Results: mx.example.org; dmarc=fail (p=reject) header.from=example.net'; cat bounce.eml) >fail.eml
  $ (echo 'Authentication-Results: mx.example.org; dkim=pass header.d=example.net'; cat bounce.eml) >stranger.eml

Without the configuration, or with another server's name, the field says nothing.

  $ . ./proof.sh; proof bounce.eml; proof pass.eml; proof --config other.conf pass.eml
  reader@example.com claim
  reader@example.com claim
  reader@example.com claim

With ours, the recipient's own server is believed; somebody else's is not.

  $ . ./proof.sh; proof --config ours.conf pass.eml; proof --config ours.conf stranger.eml
  reader@example.com original
  reader@example.com claim

A report whose From is forged proves nothing, even if it returns a mail of ours.

  $ $CASES/make-bounce reader@example.com '10 Jan 2020' failed 5.1.1 '550 5.1.1 xyzzy' >returned.eml
  $ (echo 'Authentication-Results: mx.example.org; dmarc=fail header.from=example.net'; cat returned.eml) >forged.eml
  $ . ./proof.sh; proof returned.eml; proof forged.eml; proof --config other.conf forged.eml
  reader@example.com original
  reader@example.com original
  reader@example.com original
  $ . ./proof.sh; proof --config ours.conf forged.eml; proof --config ours.conf fail.eml
  reader@example.com claim,"defects":"auth-failed"
  reader@example.com claim,"defects":"auth-failed"

A header of our own in what is returned, when it is configured, and names the reader that the report is about.

  $ printf '[nixie]\nsubscriber-header = X-Reader\n' >header.conf
  $ sed 's/^Message-ID: <post1.*/X-Reader: reader@example.com/' bounce.eml >header.eml
  $ . ./proof.sh; proof header.eml; proof --config header.conf header.eml
  reader@example.com claim
  reader@example.com original
