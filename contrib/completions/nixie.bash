# SPDX-License-Identifier: LGPL-2.1-or-later
# bash completion for nixie(1); installed as share/bash-completion/completions/nixie.
#
# Words of the command line only: it reads no database, so that a key never waits for one.

_nixie_find_command ()
{
	# The first word that is neither an option nor the value of a global one.
	local i=1
	command_at=0
	while [ "$i" -lt "$COMP_CWORD" ]; do
		case ${COMP_WORDS[i]} in
		--database | --config | --list)
			i=$((i + 1))
			# "--list=news" comes as three words.
			[ "${COMP_WORDS[i]}" = "=" ] && i=$((i + 1))
			;;
		-*) ;;
		*)
			command_at=$i
			return
			;;
		esac
		i=$((i + 1))
	done
}

_nixie_offer ()
{
	local word=${COMP_WORDS[COMP_CWORD]}
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_nixie_offer_files ()
{
	local word=${COMP_WORDS[COMP_CWORD]}
	[ "$word" = "=" ] && word=
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

# What follows an option that wants a value. Returns 1 when there is no such option.
_nixie_offer_value ()
{
	local option=${COMP_WORDS[COMP_CWORD - 1]}
	if [ "$option" = "=" ]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "${COMP_WORDS[COMP_CWORD]}" = "=" ]; then
		# Right behind the "=": nothing of the value is there yet.
		COMP_WORDS[COMP_CWORD]=
	fi
	case $option in
	--database | --config | --output | --key-file | --with | --listen | --root | --move-to) _nixie_offer_files ;;
	--progress) _nixie_offer "auto bar plain none" ;;
	--state)
		if [ "${COMP_WORDS[1]}" = forward ]; then
			_nixie_offer "open asked accepted rejected expired all"
		else
			_nixie_offer "active suspended removed"
		fi
		;;
	--proof) _nixie_offer "auto claim verp original signed" ;;
	--complaint) _nixie_offer "auto unsubscribe suspend record" ;;
	--since | --until | --jobs | --date | --message-id | --domain | --run | --now | --transition | --token | --list | --envelope-to | --not-a-bounce) COMPREPLY=() ;;
	*) return 1 ;;
	esac
}

_nixie ()
{
	local commands="deliver serve scan check explain list subscriber why forward incident run outbox undo policy post purge forget verp rules doctor help"
	local options="--database --config --list --quiet --verbose --version --help"
	local word=${COMP_WORDS[COMP_CWORD]} command_at command verb
	COMPREPLY=()
	_nixie_offer_value && return
	_nixie_find_command
	if [ "$command_at" -eq 0 ]; then
		case $word in
		-*) _nixie_offer "$options" ;;
		*) _nixie_offer "$commands" ;;
		esac
		return
	fi
	command=${COMP_WORDS[command_at]}
	verb=
	[ $((command_at + 1)) -lt "$COMP_CWORD" ] && verb=${COMP_WORDS[command_at + 1]}
	case $command:$word in
	deliver:-*) _nixie_offer "$options --envelope-to --not-a-bounce" ;;
	serve:-*) _nixie_offer "$options --listen" ;;
	scan:-*) _nixie_offer "$options --again --dry-run --jobs --move-to --progress --since --until" ;;
	check:-* | explain:-*) _nixie_offer "$options --json" ;;
	list:-*) _nixie_offer "$options --proof --since --complaint" ;;
	subscriber:-*) _nixie_offer "$options --state" ;;
	forward:-*) _nixie_offer "$options --state --token --stdout" ;;
	why:-*) _nixie_offer "$options --all" ;;
	incident:-*) _nixie_offer "$options --json --count --dry-run" ;;
	rules:-*) _nixie_offer "$options --json --output" ;;
	run:-*) _nixie_offer "$options --dry-run --now" ;;
	purge:-* | forget:-*) _nixie_offer "$options --dry-run" ;;
	undo:-*) _nixie_offer "$options --run --runs --domain --since --until --transition --dry-run" ;;
	policy:-*) _nixie_offer "$options --all --json --dry-run --with --progress" ;;
	post:-*) _nixie_offer "$options --message-id --date" ;;
	verp:-*) _nixie_offer "$options --key-file --date" ;;
	doctor:-*) _nixie_offer "$options --json --root" ;;
	*:-*) _nixie_offer "$options" ;;
	scan:* | check:*) _nixie_offer_files ;;
	help:*) [ -z "$verb" ] && _nixie_offer "$commands" ;;
	list:*) [ -z "$verb" ] && _nixie_offer "show add set" ;;
	rules:*)
		if [ -z "$verb" ]; then
			_nixie_offer "list check explain learn"
		elif [ "$verb" != list ]; then
			_nixie_offer_files
		fi
		;;
	forward:*) [ -z "$verb" ] && _nixie_offer "list show accept reject confirm" ;;
	policy:*) [ -z "$verb" ] && _nixie_offer "show compare replay" ;;
	outbox:*) [ -z "$verb" ] && _nixie_offer "list retry drop" ;;
	incident:*) [ -z "$verb" ] && _nixie_offer "list show close reopen" ;;
	post:*) [ -z "$verb" ] && _nixie_offer "add show" ;;
	verp:*) [ -z "$verb" ] && _nixie_offer "make open key" ;;
	subscriber:*)
		if [ -z "$verb" ]; then
			_nixie_offer "list add import show export remove restore"
		elif [ "$verb" = import ]; then
			_nixie_offer_files
		fi
		;;
	esac
}

complete -F _nixie nixie
