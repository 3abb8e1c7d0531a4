The man page names every command, every option and every exit status of the help.

  $ cat >names.sh <<'END'
  > page=$CASES/../../src/cli/nixie.1
  > for command in $(nixie --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
  >   grep -q "^\.Ss $command\$" $page || echo "no section on $command"
  >   test $command = help && continue
  >   nixie $command --help | sed -n 's/^  \(-., \)*--\([a-z-]*\) .*/\2/p' | while read option; do
  >     grep -q "Fl Fl $option" $page || echo "not a word on --$option of $command"
  >   done
  > done
  > nixie --help | sed -n 's/^  *\([0-9][0-9]*\)  .*/\1/p' | while read status; do
  >   grep -q "^\.It $status\$" $page || echo "not a word on $status"
  > done
  > END
  $ sh names.sh
