forward: the whole story of a new address: offered, asked, confirmed, changed, and taken back.

%mask \d{4}-\d\d-\d\d(?=  step) => TODAY
%mask (?<=since )20(2[6-9]|[3-9]\d)-\d\d-\d\d => TODAY
%mask (?<=on )20(2[6-9]|[3-9]\d)-\d\d-\d\d(?=, ) => TODAY
%mask confirm-[0-9a-hjkmnp-tv-z]{24} => confirm-TOKEN
%mask ^Date: .* => Date: NOW
%mask ^Message-Id: <\d+\.[0-9a-f]{16}@ => Message-Id: <ID@

  $ cat >.nixie.conf <<END
  > [nixie]
  > rules = $PWD/.rules
  > [forward]
  > expire-days = 3650
  > END
  $ mkdir .rules; export NIXIE_CONFIG=$PWD/.nixie.conf
  $ nixie list add news news@lists.example.org
  $ nixie -q subscriber add --list news reader@example.com other@example.com
  $ bounce () { $CASES/make-bounce "$@" | nixie deliver; }
  $ bounce reader@example.com '14 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>'
  $ bounce reader@example.com '15 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>'
  $ bounce reader@example.com '16 Jan 2020' failed 5.1.6 '551 5.1.6 please try <new@example.net>'
  $ $CASES/dump-database before.txt
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  -           news  other@example.com
  suspended   0.00  2020-01-16  news  reader@example.com
  $ nixie forward
  1  reader@example.com -> new@example.net
    List      news
    Date      2020-01-14, last on 2020-01-16
    Said      551 5.1.6 please try <new@example.net>
    Rule      smtp-moved-status
    Proof     original

Asking: the mail goes to stdout, and tells nobody but its reader the token.

  $ nixie forward confirm 1 >mail.txt
  ! nixie: step 1: new@example.net is to be sent the mail above, and has 7 days to answer
  ! nixie: the evidence is original only: whoever wrote the report may be who reads the new address
  $ cat mail.txt
  Date: NOW
  From: news <news-bounces+confirm-TOKEN@lists.example.org>
  Reply-To: news-bounces+confirm-TOKEN@lists.example.org
  Subject: news: is this your address now? [confirm-TOKEN]
  To: new@example.net
  Message-Id: <ID@lists.example.org>
  Auto-Submitted: auto-generated
  Precedence: bulk
  X-Auto-Response-Suppress: All
  MIME-Version: 1.0
  Content-Type: text/plain; charset=us-ascii
  Content-Transfer-Encoding: 7bit

  Hello,

  the mailing list news <news@lists.example.org> has a reader

      reader@example.com

  Mail to that address came back, with the note that its reader is now to be
  found at your address:

      new@example.net

  Is that you, and would you like to get the list's mail here?

    Yes:  Answer this mail, within 7 days. You need not write anything.
    No, or you know nothing of it:  Do nothing. Nothing will change, and nobody
          will ask you again because of this mail.

  Should your mail program not answer to the right place, the address is

      news-bounces+confirm-TOKEN@lists.example.org
  $ token=$(sed -n 's/^From: .*<\(.*\)>/\1/p' mail.txt)
  $ grep -c "$(echo "$token" | sed 's/.*confirm-//; s/@.*//')" nixie.db nixie.db-wal 2>/dev/null | grep -v ':0'
  [1]
  $ nixie forward list | tail -n 1
    State     asked

What programs answer confirms nothing, nor does a made-up token.

  $ answer () { printf 'From: <new@example.net>\nTo: %s\nSubject: Re: news: is this your address now?\n%s\n\nyes\n' "$1" "$2"; }
  $ answer "$token" 'Auto-Submitted: auto-replied' | nixie deliver
  $ answer "$token" 'Precedence: bulk' | nixie deliver
  $ answer "$token" 'Return-Path: <>' | nixie deliver
  $ answer news-bounces+confirm-0123456789abcdefghjkmnpq@lists.example.org 'X-A: b' | nixie -v deliver 2>&1 | grep token
  nixie: no proposal waits for this token: it was used, replaced or taken back, or is none
  $ nixie forward list | tail -n 1
    State     asked

The answer of a person does, in whatever case it comes back; it does so once.

  $ answer "$(echo "$token" | tr a-z A-Z)" 'X-A: b' >answer.eml
  $ nixie deliver <answer.eml
  $ nixie deliver --not-a-bounce 99 <answer.eml
  [99]
  $ nixie subscriber list
  STATE      SCORE  SINCE       LIST  ADDRESS
  active      0.00  TODAY  news  new@example.net
  active      0.00  -           news  other@example.com
  $ nixie why new@example.net | grep -v '^  *said\|^  *rule'
  new@example.net

  news: active since TODAY
    Score 0.00 on TODAY, 0.00 today; 2.50 suspends.

    DATE        VERDICT    REASON          CODES       PROOF     WEIGHT  SCORE
    2020-01-14  permanent  moved           551 5.1.6   original   +1.00   1.00
             address  reader@example.com
    2020-01-15  permanent  moved           551 5.1.6   original   +1.00   1.99
             address  reader@example.com
    2020-01-16  permanent  moved           551 5.1.6   original   +1.00   2.97
             address  reader@example.com

    CHANGES
    2020-01-16  active -> suspended: the score reached the threshold (score 2.97)
