Completion: what bash offers behind some words.

%needs command -v bash
  $ cat >try.sh <<'END'
  > . "$CASES/../../contrib/completions/nixie.bash"
  > try () { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _nixie; echo "${COMPREPLY[*]}"; }
  > try nixie ''
  > try nixie s
  > try nixie --v
  > try nixie --list news ch
  > try nixie --list = news ch
  > try nixie serve --l
  > try nixie serve --listen a
  > try nixie scan --
  > try nixie scan --progress p
  > try nixie scan --progress =
  > try nixie scan --progress = n
  > try nixie subscriber ''
  > try nixie subscriber list --state s
  > try nixie subscriber import a
  > try nixie list a
  > try nixie help w
  > try nixie help why ''
  > try nixie check a
  > try nixie --database a
  > END
  $ touch a.mbox 'a b.mbox' b.mbox
  $ bash try.sh
  deliver serve scan check explain list subscriber why forward incident run outbox undo policy post purge forget verp rules doctor help
  serve scan subscriber
  --verbose --version
  check
  check
  --list --listen
  a.mbox a b.mbox
  --database --config --list --quiet --verbose --version --help --again --dry-run --jobs --move-to --progress --since --until
  plain
  auto bar plain none
  none
  list add import show export remove restore
  suspended
  a.mbox a b.mbox
  add
  why

  a.mbox a b.mbox
  a.mbox a b.mbox

Every command and every option of the help is offered.

  $ cat >all.sh <<'END'
  > . "$CASES/../../contrib/completions/nixie.bash"
  > try () { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _nixie; printf '%s\n' "${COMPREPLY[@]}"; }
  > try nixie '' | sort >a
  > nixie --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort | diff - a
  > for command in $(grep -v help a); do
  >   try nixie "$command" -- | sort >b
  >   nixie "$command" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\) .*/\2/p' | sort | diff - b
  > done
  > END
  $ bash all.sh
