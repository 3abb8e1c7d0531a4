# SPDX-License-Identifier: LGPL-2.1-or-later
# fish completion for nixie(1); installed as share/fish/vendor_completions.d/nixie.fish. It offers what nixie.bash offers.
#
# Words of the command line only: it reads no database, so that a key never waits for one.

# The words behind the program: the first that is neither an option nor the value of a global one, and what follows it.
function __nixie_words
    set -l words (commandline -opc)[2..]
    while set -q words[1]
        switch $words[1]
            case --database --config --list
                set -e words[1]
            case '-*'
            case '*'
                break
        end
        set -e words[1]
    end
    set -q words[1]; and printf '%s\n' $words
end

function __nixie_at_command
    test (count (__nixie_words)) -eq 0
end

function __nixie_in
    set -l words (__nixie_words)
    set -q words[1]; and contains -- $words[1] $argv
end

# No word stands behind the command yet.
function __nixie_at_verb
    set -l words (__nixie_words)
    test (count $words) -eq 1; and contains -- $words[1] $argv
end

# __nixie_at_file COMMAND VERB…: one of these verbs stands behind it.
function __nixie_at_file
    set -l words (__nixie_words)
    test (count $words) -ge 2; and test $words[1] = $argv[1]; and contains -- $words[2] $argv[2..]
end

set -l commands deliver serve scan check explain list subscriber why forward incident run outbox undo policy post purge forget verp rules doctor help

complete -c nixie -f
complete -c nixie -n __nixie_at_command -a "$commands"
complete -c nixie -n '__nixie_at_verb help' -a "$commands"
complete -c nixie -l database -r -F
complete -c nixie -l config -r -F
complete -c nixie -l list -x
complete -c nixie -s q -l quiet
complete -c nixie -s v -l verbose
complete -c nixie -l version
complete -c nixie -s h -l help

complete -c nixie -n '__nixie_in deliver' -l envelope-to -x
complete -c nixie -n '__nixie_in deliver' -l not-a-bounce -x
complete -c nixie -n '__nixie_in serve' -l listen -r -F
complete -c nixie -n '__nixie_in scan incident run purge forget undo policy' -l dry-run
complete -c nixie -n '__nixie_in scan policy' -l progress -x -a 'auto bar plain none'
complete -c nixie -n '__nixie_in check explain incident rules policy doctor' -l json
complete -c nixie -n '__nixie_in list' -l proof -x -a 'auto claim verp original signed'
complete -c nixie -n '__nixie_in list undo scan' -l since -x
complete -c nixie -n '__nixie_in list' -l complaint -x -a 'auto unsubscribe suspend record'
complete -c nixie -n '__nixie_in subscriber' -l state -x -a 'active suspended removed'
complete -c nixie -n '__nixie_in forward' -l state -x -a 'open asked accepted rejected expired all'
complete -c nixie -n '__nixie_in forward' -l token -x
complete -c nixie -n '__nixie_in forward' -l stdout
complete -c nixie -n '__nixie_in incident' -l count
complete -c nixie -n '__nixie_in rules' -l output -r -F
complete -c nixie -n '__nixie_in run' -l now -x
complete -c nixie -n '__nixie_in undo' -l run -x
complete -c nixie -n '__nixie_in undo' -l runs
complete -c nixie -n '__nixie_in undo' -l domain -x
complete -c nixie -n '__nixie_in undo scan' -l until -x
complete -c nixie -n '__nixie_in undo' -l transition -x
complete -c nixie -n '__nixie_in policy why' -l all
complete -c nixie -n '__nixie_in scan' -l again
complete -c nixie -n '__nixie_in scan' -l jobs -x
complete -c nixie -n '__nixie_in scan' -l move-to -r -F
complete -c nixie -n '__nixie_in policy' -l with -r -F
complete -c nixie -n '__nixie_in post' -l message-id -x
complete -c nixie -n '__nixie_in post verp' -l date -x
complete -c nixie -n '__nixie_in verp' -l key-file -r -F
complete -c nixie -n '__nixie_in doctor' -l root -r -F

complete -c nixie -n '__nixie_in scan check' -F
complete -c nixie -n '__nixie_at_file rules check explain learn' -F
complete -c nixie -n '__nixie_at_file subscriber import' -F
complete -c nixie -n '__nixie_at_verb list' -a 'show add set'
complete -c nixie -n '__nixie_at_verb rules' -a 'list check explain learn'
complete -c nixie -n '__nixie_at_verb forward' -a 'list show accept reject confirm'
complete -c nixie -n '__nixie_at_verb policy' -a 'show compare replay'
complete -c nixie -n '__nixie_at_verb outbox' -a 'list retry drop'
complete -c nixie -n '__nixie_at_verb incident' -a 'list show close reopen'
complete -c nixie -n '__nixie_at_verb post' -a 'add show'
complete -c nixie -n '__nixie_at_verb verp' -a 'make open key'
complete -c nixie -n '__nixie_at_verb subscriber' -a 'list add import show export remove restore'
