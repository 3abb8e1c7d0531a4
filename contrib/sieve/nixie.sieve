# nixie behind Dovecot's Sieve (Pigeonhole): the script of a user who gets nothing but bounces, who owns nixie's database.
#
# Needs sieve_extprograms (contrib/sieve/90-nixie.conf) and the program nixie-deliver (contrib/sieve/nixie-deliver). Sieve
# cannot ask the mail server to try again. So what nixie could not record goes to a folder, which nixie reads later, as
# often as you like, from cron:
#
#     nixie --list news --quiet scan ~/Maildir/.Retry
require ["vnd.dovecot.execute", "fileinto", "mailbox"];

if execute :pipe "nixie-deliver" {
    discard;
} else {
    fileinto :create "Retry";
}
