Mails that are made to harm, in an mbox between two good ones: the good ones are read, and no mail costs more than two
seconds of the processor and 128 MB. A build with sanitizers needs more of both.

  $ cat >hostile.py <<'END'
  > import os, subprocess
  > H = b'From: MAILER-DAEMON@example.com\nSubject: Undelivered Mail\nMIME-Version: 1.0\n'
  > MULTI = H + b'Content-Type: multipart/mixed; boundary=B\n\n'
  > def levels(n, pad=b''):
  >     return b''.join(b'Content-Type: multipart/mixed; boundary=%sb%d\n\n--%sb%d\n' % (pad, i, pad, i) for i in range(n))
  > BASE64 = b'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJz'
  > KINDS = {
  >     'no header first': lambda: b'this is no header\n' + H + b'\nbody\n',
  >     'a line without colon': lambda: H + b'A' * 1000000 + b'\nX-After: 1\n\nbody\n',
  >     'the same in a part': lambda: MULTI + b'--B\n' + b'A' * 1000000 + b'\nContent-Type: text/plain\n\nx\n--B--\n',
  >     'groups': lambda: H + b'To: ' + b'a:' * 1000000 + b'x@y.example' + b';' * 1000000 + b'\n\nbody\n',
  >     'groups, returned': lambda: MULTI + b'--B\nContent-Type: message/rfc822\n\nTo: ' + b'a:' * 7000 + b'\n\nbody\n--B--\n',
  >     'multiparts in multiparts': lambda: H + levels(100000) + b'\nleaf\n',
  >     'messages in messages': lambda: H + b'Content-Type: message/rfc822\n\n' * 100000 + b'\nleaf\n',
  >     'dashes under 25 levels': lambda: H + levels(25) + b'\n' + b'--\n' * 3400000,
  >     'dashes under 1,000': lambda: H + levels(1000, b'x' * 60) + b'\n' + b'--' + b'x' * 60 + b'y\n' * 150000,
  >     '200,000 parts': lambda: MULTI + b'--B\nContent-Type: text/plain\n\nx\n' * 200000,
  >     'a million headers': lambda: H + b'X-A: value\n' * 1000000 + b'\nbody\n',
  >     'headers in every part': lambda: MULTI + (b'--B\n' + b'a:b\n' * 999 + b'\nx\n') * 999,
  >     '50 MB of subject': lambda: H + b'Subject: ' + b'word ' * 10000000 + b'\n\nbody\n',
  >     'a long boundary': lambda: H + b'Content-Type: multipart/mixed; boundary=' + b'b' * 1000000 + b'\n\n--' + b'b' * 1000000 + b'\n',
  >     'parameters': lambda: H + b'Content-Type: text/plain' + b''.join(b';\n p%d*0=b' % i for i in range(100000)) + b'\n\nbody\n',
  >     '200 MB of base64': lambda: H + b'Content-Transfer-Encoding: base64\n\n' + (BASE64 + b'\n') * 3300000,
  >     'in one line': lambda: H + b'Content-Type: a/b\nContent-Transfer-Encoding: base64\n\n' + BASE64 * 3300000 + b'\n',
  >     '100 MB of empty lines': lambda: H + b'\n' * 100000000,
  >     '100 MB of NULs': lambda: H + b'\n' + b'\0' * 100000000 + b'\n',
  > }
  > GOOD = b'From MAILER-DAEMON Fri Jan 10 12:00:00 2020\n%s\n'
  > bounce = subprocess.run([os.environ['CASES'] + '/make-bounce', 'NAME@example.com', '10 Jan 2020', 'failed', '5.1.1',
  >                          '550 5.1.1 xyzzy'], stdout=subprocess.PIPE).stdout
  > help = subprocess.run(['nixie', '--version'], env=dict(os.environ, ASAN_OPTIONS='help=1'), capture_output=True)
  > sanitized = b'AddressSanitizer' in help.stdout + help.stderr
  > seconds, megabytes = (40, 4000) if sanitized else (2, 128)
  > for kind, make in KINDS.items():
  >     # Another process makes it: what this one has used would count as the program's.
  >     maker = os.fork()
  >     if maker == 0:
  >         with open('in.mbox', 'wb') as box:
  >             box.write(GOOD % bounce.replace(b'NAME', b'first'))
  >             box.write(GOOD % make())
  >             box.write(GOOD % bounce.replace(b'NAME', b'last'))
  >         os._exit(0)
  >     os.waitpid(maker, 0)
  >     child = subprocess.Popen(['nixie', 'check', '--json', 'in.mbox'], stdout=open('out', 'wb'))
  >     _, status, used = os.wait4(child.pid, 0)
  >     out = open('out', 'rb').read()
  >     if status != 0 or b'first@example.com' not in out or b'last@example.com' not in out or out.count(b'\n') != 3:
  >         print('%s: status %d, %d lines' % (kind, status, out.count(b'\n')))
  >     if used.ru_utime + used.ru_stime > seconds or used.ru_maxrss > megabytes * 1024:
  >         print('%s: %.1f s, %d kB' % (kind, used.ru_utime + used.ru_stime, used.ru_maxrss))
  > print(len(KINDS), 'kinds')
  > END
  $ python3 hostile.py
  19 kinds
