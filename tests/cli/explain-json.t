explain --json: one text in, one object out, whatever the text.

  $ printf '550 5.1.1 xyzzy\n\n551 please try <new@example.com>\n421 xyzzy\nxyzzy\n' | nixie explain --json | cut -d , -f 1-3
  {"verdict":"permanent","reason":"user-unknown","status":"5.1.1"
  {"verdict":"transient","reason":"other","rule":"RFC 3464 2.3.3"}
  {"verdict":"permanent","reason":"moved","reply":551
  {"verdict":"transient","reason":"system","reply":421
  {"verdict":"transient","reason":"other","rule":"RFC 3464 2.3.3"}
  $ printf '550 5.1.1 no newline at the end' | nixie explain --json | wc -l
  1
  $ printf '\n\n\n' | nixie explain --json | wc -l
  3
  $ nixie explain --json </dev/null
  $ nixie explain --json '550 5.1.1 xyzzy' '451 xyzzy' | wc -l
  2
  $ nixie explain --json 551
  {"verdict":"permanent","reason":"moved","reply":551,"rule":"RFC 5321 3.4"}

Any bytes.

  $ printf '550 \377\376 \033[31m \0 5.1.1\n\001\002\003\n\r\n' | nixie explain --json | wc -l
  3
  $ head -c 300000 /dev/urandom >noise; (cat noise; echo) | nixie explain --json | wc -l >got; (cat noise; echo) | wc -l | cmp - got
  $ head -c 10000000 /dev/zero | tr '\0' x | nixie explain --json
  {"verdict":"transient","reason":"other","rule":"RFC 3464 2.3.3"}
