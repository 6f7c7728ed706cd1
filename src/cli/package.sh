#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks a package of toban (README.txt) with sha256sum and ssh-keygen, and nothing of toban:
#
#     sh verify.sh [FOLDER]
#
# Exit status 0: everything fits. 1: something does not, and is named. 2: it could not be checked.
# Nothing in the folder is run; names that are used are made here or checked for their form.
set -u
LC_ALL=C
TZ=UTC0
export LC_ALL TZ
umask 077

bad=0
fail() {
	printf 'FAILED: %s\n' "$*"
	bad=1
}
# What a check printed, if it printed anything.
found() {
	if [ -n "$1" ]; then
		printf '%s\n' "$1" | awk '{ gsub(/[^ -~]/, "?"); print "FAILED: " $0 }'
		bad=1
	fi
}
need() {
	command -v "$1" >/dev/null 2>&1 || {
		echo "$1 is not here: nothing was checked."
		exit 2
	}
}

for tool in sha256sum ssh-keygen awk od find xargs; do
	need "$tool"
done
cd -- "${1:-$(dirname -- "$0")}" || exit 2
for file in manifest manifest.sha256 chain allowed_signers signed/list; do
	[ -f "$file" ] && [ ! -L "$file" ] || fail "$file is missing"
done
[ "$bad" = 0 ] || exit 1

# --- every file is what the manifest says, and there is no other -----------------------------

[ "$(cat manifest.sha256)" = "$(sha256sum manifest)" ] ||
	fail "manifest, or manifest.sha256, is not what it was"
found "$(awk '
	length($0) < 67 || substr($0, 1, 64) ~ /[^0-9a-f]/ || substr($0, 65, 2) != "  " ||
	substr($0, 67) ~ /[^A-Za-z0-9._\/-]/ || substr($0, 67) ~ /^[.\/-]|\.\./ {
		print "manifest: line " NR " is not one of a manifest"
	}' manifest)"
[ "$bad" = 0 ] || exit 1
found "$(sha256sum -c manifest 2>&1 | grep -v ': OK$')"
found "$(find . ! -type d | awk '
	FILENAME == "manifest" { known["./" substr($0, 67)] = 1; next }
	{ known["./manifest"] = known["./manifest.sha256"] = known["./manifest.sig"] = 1 }
	!($0 in known) { print $0 ": is not in the manifest" }' manifest -)"
found "$(find . ! -type d ! -type f | awk '{ print $0 ": is no file" }')"

# --- the chain of the ledger ------------------------------------------------------------------

# SEQ SIZE PREV_HASH COMMITMENT ROW_HASH body|masked|erased|withheld, behind one line for the whole.
found "$(awk '
	function hash(h) { return length(h) == 64 && h !~ /[^0-9a-f]/ }
	NR == 1 {
		if ($0 != "toban-chain-1 whole" && $0 != "toban-chain-1 part") {
			print "chain: is of a form that is not known here"
		}
		whole = $2 == "whole"
		before = "0000000000000000000000000000000000000000000000000000000000000000"
		next
	}
	$1 ~ /[^0-9]/ || $2 ~ /[^0-9]/ || !hash($3) || !hash($4) || !hash($5) || NF != 6 {
		print "chain: line " NR " cannot be read"
		next
	}
	whole && $1 != NR - 1 { print "chain: entry " (NR - 1) " is missing" }
	$1 <= last { print "chain: entry " $1 " is not in order" }
	(whole || $1 == last + 1 && NR > 2) && $3 != before {
		print "chain: entry " $1 " does not continue the one before it"
	}
	{ last = $1 + 0; before = $5 }' chain)"
[ "$bad" = 0 ] || exit 1
found "$(awk 'NR > 1 && $2 > 0 { print $5 "  entries/" $1 ".row" }' chain |
	sha256sum -c 2>&1 | grep -v -e ': OK$' -e 'no properly formatted')"
found "$(awk 'NR > 1 && $6 == "body" { print $4 "  entries/" $1 ".body" }' chain |
	sha256sum -c 2>&1 | grep -v -e ': OK$' -e 'no properly formatted')"

# --- what the hashed rows say, and what was signed -----------------------------------------------

# Each row: the hash before it, its number and its commitment are those of the chain. Each signed
# text is about this entry, by this person, at this time, on the entry it says it stands on.
rows=$(awk 'NR > 1 && $2 > 0 { n++ } END { print n + 0 }' chain)
[ "$rows" = 0 ] || found "$(awk 'NR > 1 && $2 > 0 { print "entries/" $1 ".row" }' chain |
	xargs cat | od -An -v -tx1 | awk '
	function number(p,   i, v) {
		v = 0
		for (i = 0; i < 8; i++) {
			v = v * 256 + value[byte[p + i]]
		}
		return v
	}
	function take_number() { at += 8; return number(at - 8) }
	function take_text(   n, s) {
		n = take_number()
		s = ""
		while (n-- > 0 && at < size) {
			s = s letter[byte[at++]]
		}
		return s
	}
	function hex(p, n,   s) {
		s = ""
		while (n-- > 0) {
			s = s byte[p++]
		}
		return s
	}
	# YYYYMMDDhhmmss of seconds since 1970.
	function moment(s,   days, era, doe, yoe, doy, mp, d, m, y) {
		days = int(s / 86400)
		s -= days * 86400
		days += 719468
		era = int(days / 146097)
		doe = days - era * 146097
		yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
		doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
		mp = int((5 * doy + 2) / 153)
		d = doy - int((153 * mp + 2) / 5) + 1
		m = mp < 10 ? mp + 3 : mp - 9
		y = yoe + era * 400 + (m <= 2)
		return sprintf("%04d%02d%02d%02d%02d%02d", y, m, d, int(s / 3600),
			int(s / 60) % 60, s % 60)
	}
	function same(what, is, should) {
		if (is != should) {
			print "signed/" seq ".txt: its " what " is not that of the entry"
		}
	}
	# The lines of a signed text: NAME LENGTH:VALUE, or NAME LENGTH VALUE of texts about keys.
	function read_signed(file,   line, name, rest, cut) {
		for (name in says) {
			delete says[name]
		}
		kind_of_text = ""
		while ((getline line < file) > 0) {
			if (kind_of_text == "") {
				kind_of_text = line
				continue
			}
			name = line
			sub(/ .*/, "", name)
			rest = substr(line, length(name) + 2)
			cut = match(rest, /[: ]/)
			says[name] = substr(rest, cut + 1)
			if (cut < 2 || substr(rest, 1, cut - 1) != length(says[name])) {
				print file ": has a line of another length than it says"
			}
		}
		close(file)
	}
	function check_signed() {
		read_signed("signed/" seq ".txt")
		same("event", says["event"], id)
		same("actor", says["actor"], actor)
		if (who[seq] != actor) {
			print "signed/list: entry " seq " is not by whom it says"
		}
		if (when[seq] != moment(int(time / 1000))) {
			print "signed/list: entry " seq " was not made when it says"
		}
		if (kind_of_text != "toban-decision-1") {
			return
		}
		same("subject", says["subject"], subject)
		same("step", says["step"], kind)
		same("post", says["post"], post)
		if (says["stands-on"] in row_of &&
			says["stands-on-hash"] != row_of[says["stands-on"]]) {
			print "signed/" seq ".txt: stands on another entry than it says"
		}
	}
	function check_row() {
		seq = order[++done]
		at = 32
		if (hex(0, 32) != before[seq] || number(40) != seq) {
			print "entries/" seq ".row: is not the row the chain names"
		}
		at = 48
		id = take_text()
		subject = take_text()
		at += 8
		time = take_number()
		at += 8
		actor = take_text()
		post = take_text()
		kind = take_text()
		if (hex(size - 32, 32) != commitment[seq]) {
			print "entries/" seq ".row: has another commitment than the chain"
		}
		if (seq in who) {
			check_signed()
		}
	}
	BEGIN {
		for (i = 0; i < 256; i++) {
			value[sprintf("%02x", i)] = i
			letter[sprintf("%02x", i)] = sprintf("%c", i)
		}
	}
	FILENAME == "chain" {
		row_of[$1] = $5
		if (FNR > 1 && $2 > 0) {
			order[++n] = $1
			length_of[n] = $2
			before[$1] = $3
			commitment[$1] = $4
		}
		next
	}
	FILENAME == "signed/list" {
		who[$1] = $2
		when[$1] = $3
		next
	}
	{
		for (i = 1; i <= NF; i++) {
			byte[have++] = $i
			if (have == length_of[done + 1]) {
				size = have
				check_row()
				have = 0
			}
		}
	}
	END {
		if (done != n || have) {
			print "entries: the rows are not of the sizes that the chain names"
		}
	}' chain signed/list -)"

# --- the signatures -----------------------------------------------------------------------------

# Every signed text stands in the list, once.
found "$(awk '
	FILENAME == "signed/list" {
		if (NF != 4 || $1 ~ /[^0-9]/ || $2 ~ /[^a-z0-9-]/ || $3 ~ /[^0-9]/ ||
			$4 !~ /^SHA256:[A-Za-z0-9+\/]+$/ || $1 in listed) {
			print "signed/list: line " FNR " cannot be read"
		}
		listed[$1] = 1
		next
	}
	substr($0, 67) ~ /^signed\/[0-9]+\.txt$/ {
		name = substr($0, 74)
		sub(/\.txt$/, "", name)
		if (!(name in listed)) {
			print "signed/" name ".txt: is not in signed/list"
		}
	}' signed/list manifest)"
[ "$bad" = 0 ] || exit 1

signatures=0
while read -r seq who when key; do
	said=$(ssh-keygen -Y verify -f allowed_signers -I "$who" -n toban -s "signed/$seq.sig" \
		-O "verify-time=$when" <"signed/$seq.txt" 2>&1) || {
		fail "signed/$seq.sig: is no signature of signed/$seq.txt by $who"
		continue
	}
	case $said in
	*" $key") ;;
	*) fail "signed/$seq.sig: is by another key than signed/list names" ;;
	esac
	signatures=$((signatures + 1))
	[ -f "signed/$seq.fields" ] || continue
	hash=$(sha256sum <"signed/$seq.fields" | cut -c 1-64)
	grep -q "^fields 64:$hash\$" "signed/$seq.txt" ||
		fail "signed/$seq.fields: is not what was signed"
	# The salt has 26 characters, the nonce before a body 16 bytes.
	{
		tail -c +27 "signed/$seq.fields"
		echo
		tail -c +17 "entries/$seq.body"
		echo
	} | awk 'NR == 1 { f = $0 } NR == 2 { ok = index($0, "\"fields\":" f) } END { exit !ok }' ||
		fail "signed/$seq.fields: is not what entries/$seq.body says"
done <signed/list

if [ -f manifest.sig ]; then
	who=$(sed -n 's/^made-by \([a-z0-9-]*\)$/\1/p' about)
	ssh-keygen -Y verify -f allowed_signers -I "$who" -n toban -s manifest.sig \
		<manifest >/dev/null 2>&1 ||
		fail "manifest.sig: is no signature of the manifest by $who, or not any more"
else
	echo "Note: whoever made this package did not sign it."
fi

[ "$bad" = 0 ] || exit 1
echo "OK: $(awk 'END { print NR - 1 }' chain) entries, $signatures signatures."
