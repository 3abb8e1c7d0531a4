fish completion offers every command and every option of the help, and what bash offers behind words.

%needs command -v fish && command -v bash
  $ cat >try.fish <<'END'
  > source "$CASES/../../contrib/completions/nixie.fish"
  > function try
  >   complete -C (string join -- ' ' $argv) | cut -f 1 | LC_ALL=C sort -u
  > end
  > END
  $ cat >try.bash <<'END'
  > . "$CASES/../../contrib/completions/nixie.bash"
  > try () { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _nixie; [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort -u; }
  > END
  $ cat >words <<'END'
  > try nixie ''
  > try nixie --v
  > try nixie --list news ch
  > try nixie serve --li
  > try nixie serve --listen a
  > try nixie scan --progress p
  > try nixie subscriber ''
  > try nixie subscriber list --state s
  > try nixie forward list --state ''
  > try nixie subscriber import a
  > try nixie subscriber list a
  > try nixie rules explain a
  > try nixie rules list a
  > try nixie list ad
  > try nixie list set news --proof ''
  > try nixie list set news --complaint ''
  > try nixie list set news --since ''
  > try nixie help w
  > try nixie help why ''
  > try nixie check a
  > try nixie --database a
  > try nixie doctor --root a
  > try nixie doctor --
  > try nixie forward ''
  > try nixie policy ''
  > try nixie outbox ''
  > try nixie incident ''
  > try nixie post ''
  > try nixie verp ''
  > try nixie rules ''
  > END
  $ touch a.mbox b.mbox
  $ cat try.bash words >run.bash; bash run.bash >bash.out; cat try.fish words >run.fish; fish -N run.fish >fish.out
  $ diff bash.out fish.out && wc -l <fish.out | sed 's/^ *//'
  91
  $ cat >run.fish <<'END'
  > source try.fish
  > try nixie '' >a
  > nixie --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | LC_ALL=C sort | diff - a
  > for command in (grep -v help a)
  >   try nixie $command -- >b
  >   nixie $command --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\) .*/\2/p' | LC_ALL=C sort | diff - b
  > end
  > try nixie scan --progress=p
  > END
  $ fish -N run.fish
  --progress=plain
