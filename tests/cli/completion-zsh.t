zsh completion offers every command and every option of the help, and what bash offers behind words.

%needs command -v zsh && command -v bash
  $ cat >try.zsh <<'END'
  > compadd () { [[ $1 = -- ]] && shift; print -rl -- "$@" | grep -e "^${words[CURRENT]##*=}"; }
  > compset () { : }
  > _files () { print -rl -- *(N) | grep -e "^${words[CURRENT]##*=}"; }
  > . "$CASES/../../contrib/completions/nixie.zsh"
  > try () { words=("$@"); CURRENT=$#; _nixie | LC_ALL=C sort; }
  > END
  $ cat >try.bash <<'END'
  > . "$CASES/../../contrib/completions/nixie.bash"
  > try () { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _nixie; [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort; }
  > END
  $ cat >words <<'END'
  > try nixie ''
  > try nixie s
  > try nixie --v
  > try nixie --list news ch
  > try nixie serve --l
  > try nixie serve --listen a
  > try nixie scan --progress p
  > try nixie subscriber ''
  > try nixie subscriber list --state s
  > try nixie forward list --state ''
  > try nixie subscriber import a
  > try nixie subscriber list a
  > try nixie rules explain a
  > try nixie rules list a
  > try nixie list a
  > try nixie list set news --proof ''
  > try nixie list set news --complaint ''
  > try nixie list set news --since ''
  > try nixie help w
  > try nixie help why ''
  > try nixie check a
  > try nixie --database a
  > try nixie doctor --root a
  > try nixie doctor --
  > for command in forward policy outbox incident post verp rules; do try nixie $command ''; done
  > END
  $ touch a.mbox b.mbox
  $ cat try.bash words >run.bash; bash run.bash >bash.out; cat try.zsh words >run.zsh; zsh -f run.zsh >zsh.out
  $ diff bash.out zsh.out && wc -l <zsh.out | sed 's/^ *//'
  94
  $ cat >run.zsh <<'END'
  > . ./try.zsh
  > try nixie '' >a
  > nixie --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | LC_ALL=C sort | diff - a
  > for command in $(grep -v help a); do
  >   try nixie "$command" -- >b
  >   nixie "$command" --help | sed -n 's/^  \(-., \)*\(--[a-z-]*\) .*/\2/p' | LC_ALL=C sort | diff - b
  > done
  > try nixie scan --progress=p
  > END
  $ zsh -f run.zsh
  plain

As zsh itself calls it, in a terminal of its own.

  $ cat >pty.zsh <<'END'
  > zmodload zsh/zpty
  > mkdir -p site; cp "$CASES/../../contrib/completions/nixie.zsh" site/_nixie
  > zpty z zsh -f -i
  > zpty -w z "PS1= RPS1=; unsetopt prompt_cr prompt_sp zle_bracketed_paste; fpath=($PWD/site \$fpath); autoload -U compinit; compinit -u -d $PWD/dump; echo rea''dy"
  > zpty -r -m z got '*ready*'
  > zpty -w -n z $'nixie doctor --root site --js\t> out.txt; nixie scan --progress=pl\tzz a.mbox 2> err.txt; echo do\'\'ne\n'
  > zpty -r -m z got '*done*'
  > zpty -d z
  > END
  $ zsh -f pty.zsh; grep -c '^{' out.txt; cat err.txt
  8
  nixie: zz: No such file or directory
  nixie: 0 messages, 0 bytes, 0/s; permanent 0, transient 0, blocked 0, benign 0
