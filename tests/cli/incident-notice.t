An incident is told to the owner of the list once, with its cause and what to do, whatever comes later.

%mask \d{4}-\d\d-\d\d(?=T\d\d) => DAY

  $ printf '#!/bin/sh\ncat >>"%s/sent"\n' "$PWD" >sendmail; chmod +x sendmail
  $ printf '[notices]\nsendmail = %s/sendmail\ndigest-days = 0\n\n[list news]\nowner = owner@lists.example.org\n' "$PWD" >nixie.conf
  $ nixie list add news news@lists.example.org
  $ seq -f 'reader%g@bigmail.example' 40 >readers.csv; nixie -q subscriber import readers.csv --list news
  $ for i in $(seq 20); do echo 'From x Thu Jan  2 00:00:00 2020'
  >   $CASES/make-bounce reader$i@bigmail.example '02 Nov 2026' failed 5.7.26 '550 5.7.26 Unauthenticated email from author.example is not accepted due to DMARC policy'; echo; done >mbox
  $ nixie -q scan mbox; nixie incident list
    NO  SINCE       STATE   ADDRESSES  VERDICT    REASON          WHERE
     1  2026-11-02  closed         20  blocked    auth            news: domain bigmail.example
  $ nixie --config nixie.conf run --now 2026-11-03; nixie --config nixie.conf -q run --now 2026-11-04
  1 mail sent
  $ grep -c ^Subject: sent; python3 -c '
  > import email, email.policy
  > mail = email.message_from_file(open("sent"), policy=email.policy.default)
  > print(mail["To"], mail["Subject"], sep="\n"); print(mail.get_content())'
  1
  owner@lists.example.org
  news: 20 addresses fail alike
  Hello,

  mail from news to 20 readers at bigmail.example failed in the same way,
  between 2026-11-02 and 2026-11-02.

  One of the reports says:
      550 5.7.26 Unauthenticated email from author.example is not accepted due to DMARC policy

  That is about the post or about your mail server, not about the readers.

  As long as it lasts, it counts against nobody: no reader is suspended or
  removed because of it.

  The author's domain publishes a DMARC policy that lets nobody else send in
  its name, and the list changed the mail or sent it from its own servers.
  Let the list put its own address into From for authors whose domain has
  p=reject or p=quarantine (Mailman: dmarc_moderation_action / "munge from";
  Sympa: dmarc_protection_mode), and sign with DKIM for the list's domain. The
  readers are not to blame; nothing counts.

  More about it:                nixie incident show 1
  If the addresses are dead:    nixie incident close --count 1
  \

A report that comes late makes it no other incident, and the next day of it neither.

  $ for i in 30 31; do echo 'From x Thu Jan  2 00:00:00 2020'
  >   $CASES/make-bounce reader$i@bigmail.example '01 Nov 2026' failed 5.7.26 '550 5.7.26 Unauthenticated email from author.example is not accepted due to DMARC policy'; echo; done >late
  $ nixie -q scan late; nixie incident list; nixie --config nixie.conf -q run --now 2026-11-05; grep -c ^Subject: sent
    NO  SINCE       STATE   ADDRESSES  VERDICT    REASON          WHERE
     1  2026-11-02  closed         20  blocked    auth            news: domain bigmail.example
  1
  $ nixie subscriber list | grep -v ' 0.00 '
  STATE      SCORE  SINCE       LIST  ADDRESS

What is configured and what is in force may differ.

  $ printf '[policy]\nthreshold = 4\n' >>nixie.conf; nixie --config nixie.conf run --now 2026-11-05
  nothing to do
  ! nixie: list news: the configuration has another policy than is in force; nixie policy compare says whom that would change, nixie policy replay puts it in force
