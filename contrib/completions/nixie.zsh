#compdef nixie
# SPDX-License-Identifier: LGPL-2.1-or-later
# zsh completion for nixie(1); installed as share/zsh/site-functions/_nixie. It offers what nixie.bash offers.
#
# Words of the command line only: it reads no database, so that a key never waits for one.

_nixie_offer () {
	compadd -- "$@"
}

# What follows an option that wants a value. Returns 1 when there is no such option.
_nixie_offer_value () {
	case $1 in
	--database | --config | --output | --key-file | --with | --listen | --root | --move-to) _files ;;
	--progress) _nixie_offer auto bar plain none ;;
	--state)
		if [[ $2 = forward ]]; then
			_nixie_offer open asked accepted rejected expired all
		else
			_nixie_offer active suspended removed
		fi
		;;
	--proof) _nixie_offer auto claim verp original signed ;;
	--complaint) _nixie_offer auto unsubscribe suspend record ;;
	--since | --until | --jobs | --date | --message-id | --domain | --run | --now | --transition | --token | --list | --envelope-to | --not-a-bounce) ;;
	*) return 1 ;;
	esac
}

_nixie () {
	local -a commands options
	local word=${words[CURRENT]} command= verb=
	local -i i=2
	commands=(deliver serve scan check explain list subscriber why forward incident run outbox undo policy post purge forget verp rules doctor help)
	options=(--database --config --list --quiet --verbose --version --help)
	# The first word that is neither an option nor the value of a global one.
	while ((i < CURRENT)); do
		case ${words[i]} in
		--database | --config | --list) ((i++)) ;;
		-*) ;;
		*)
			command=${words[i]}
			((i + 1 < CURRENT)) && verb=${words[i + 1]}
			break
			;;
		esac
		((i++))
	done
	if [[ $word = --*=* ]]; then
		compset -P '*='
		_nixie_offer_value "${word%%=*}" "$command"
		return
	fi
	_nixie_offer_value "${words[CURRENT - 1]}" "$command" && return
	if [[ -z $command ]]; then
		case $word in
		-*) _nixie_offer $options ;;
		*) _nixie_offer $commands ;;
		esac
		return
	fi
	case $command:$word in
	deliver:-*) _nixie_offer $options --envelope-to --not-a-bounce ;;
	serve:-*) _nixie_offer $options --listen ;;
	scan:-*) _nixie_offer $options --dry-run --progress --again --jobs --move-to --since --until ;;
	why:-*) _nixie_offer $options --all ;;
	check:-* | explain:-*) _nixie_offer $options --json ;;
	list:-*) _nixie_offer $options --proof --since --complaint ;;
	subscriber:-*) _nixie_offer $options --state ;;
	forward:-*) _nixie_offer $options --state --token --stdout ;;
	incident:-*) _nixie_offer $options --json --count --dry-run ;;
	rules:-*) _nixie_offer $options --json --output ;;
	run:-*) _nixie_offer $options --dry-run --now ;;
	purge:-* | forget:-*) _nixie_offer $options --dry-run ;;
	undo:-*) _nixie_offer $options --run --runs --domain --since --until --transition --dry-run ;;
	policy:-*) _nixie_offer $options --all --json --dry-run --with --progress ;;
	post:-*) _nixie_offer $options --message-id --date ;;
	verp:-*) _nixie_offer $options --key-file --date ;;
	doctor:-*) _nixie_offer $options --json --root ;;
	*:-*) _nixie_offer $options ;;
	scan:* | check:*) _files ;;
	help:*) [[ -z $verb ]] && _nixie_offer $commands ;;
	list:*) [[ -z $verb ]] && _nixie_offer show add set ;;
	rules:*)
		if [[ -z $verb ]]; then
			_nixie_offer list check explain learn
		elif [[ $verb != list ]]; then
			_files
		fi
		;;
	forward:*) [[ -z $verb ]] && _nixie_offer list show accept reject confirm ;;
	policy:*) [[ -z $verb ]] && _nixie_offer show compare replay ;;
	outbox:*) [[ -z $verb ]] && _nixie_offer list retry drop ;;
	incident:*) [[ -z $verb ]] && _nixie_offer list show close reopen ;;
	post:*) [[ -z $verb ]] && _nixie_offer add show ;;
	verp:*) [[ -z $verb ]] && _nixie_offer make open key ;;
	subscriber:*)
		if [[ -z $verb ]]; then
			_nixie_offer list add import show export remove restore
		elif [[ $verb = import ]]; then
			_files
		fi
		;;
	esac
}

# Loaded by compinit, the file is the function, and its first call is a completion.
[[ $funcstack[1] = _nixie ]] && _nixie "$@"
