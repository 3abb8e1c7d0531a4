# nixie behind Dovecot's Sieve (Pigeonhole), the short one: see nixie.sieve, which is better where the user gets other
# mail too. What nixie could not record stays in the inbox, from which "nixie scan" takes it later. Never with ":try": then
# it would be lost.
require ["vnd.dovecot.pipe"];

pipe "nixie-deliver";
