#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks a package of toban (README.txt) with sha256sum and ssh-keygen, and nothing of toban:
#
#     sh verify.sh [--unsigned] [FOLDER [FINGERPRINT]]
#
# FINGERPRINT is that of the desk's key, as you were told by another way than the package
# ("SHA256:..."): whoever makes a whole package anew puts a key of their own into it.
# --unsigned takes a package that no desk signed: what nothing else is bound to is then believed.
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

for tool in sha256sum ssh-keygen awk base64 od find xargs grep sed; do
	need "$tool"
done
is_unsigned=no
if [ "${1:-}" = --unsigned ]; then
	is_unsigned=yes
	shift
fi
expected=${2:-}
unset CDPATH # a folder of the same name elsewhere would be checked in its place
folder=${1:-$(dirname -- "$0")}
[ "$folder" != - ] || folder=./- # alone it is where one was before
cd -- "$folder" || exit 2

# --- nothing but files and folders, of plain names ---------------------------------------------

# Before anything is opened: a pipe in the place of a file would be waited for.
found "$(find . ! -type d ! -type f | awk '{ print $0 ": is no file" }')"
found "$(find . -name '*[!A-Za-z0-9._-]*' | awk '{ print $0 ": is a name that no package has" }')"
[ "$bad" = 0 ] || exit 1
for file in manifest manifest.sha256 chain head.json allowed_signers desk_signers signed/list; do
	[ -f "$file" ] || fail "$file is missing"
done
[ "$bad" = 0 ] || exit 1

# --- what the desk vouches for ------------------------------------------------------------------

# The value of a line of the seal; nothing when there are two.
sealed() {
	awk -v name="$1" '$1 == name { n++; value = $2 } END { if (n == 1) print value }' seal
}
# What was changed is looked for all the same, so that the file is named where it can be.
broken=0
unsealed() {
	printf 'FAILED: %s\n' "$*"
	broken=1
}
hash_of() {
	sha256sum <"$1" | cut -c 1-64
}

# A signature as it is written, to the byte: what is read of it leaves out blanks and its end.
armored() {
	echo "-----BEGIN SSH SIGNATURE-----"
	sed '1d;$d' "$1" | base64 -d 2>/dev/null | base64 -w 70
	echo "-----END SSH SIGNATURE-----"
}

if [ "$is_unsigned" = yes ]; then
	echo "Note: whether the desk signed this package is not asked."
elif [ ! -f seal ] || [ ! -f seal.sig ]; then
	unsealed "seal, or seal.sig, is missing: no desk signed this, or somebody took it away"
elif ! said=$(ssh-keygen -Y verify -f desk_signers -I desk -n toban -s seal.sig <seal 2>&1); then
	unsealed "seal.sig: is no signature of seal by a key in desk_signers"
elif [ "$(armored seal.sig | sha256sum | cut -c 1-64)" != "$(hash_of seal.sig)" ]; then
	unsealed "seal.sig: is not what it was"
else
	desk_key=${said##* }
	[ "$(head -n 1 seal)" = toban-package-2 ] || unsealed "seal: is of a form that is not known here"
	[ "$(sealed manifest)" = "$(hash_of manifest)" ] || unsealed "manifest: is not what was sealed"
	[ "$(sealed signers)" = "$(hash_of allowed_signers)" ] ||
		unsealed "allowed_signers: is not what was sealed"
	scope=$(sealed scope)
	awk -v scope="$scope" -v last="$(sealed last)" -v hash="$(sealed last-hash)" \
		-v entries="$(sealed entries)" '
		NR == 1 { whole = $2 == "whole"; next }
		{ n++; seq = $1; row = $5 }
		END { exit !(n == entries && whole == (scope == "whole") &&
			(!whole || seq == last && row == hash)) }' chain ||
		unsealed "chain: does not end where the seal says"
	[ "$scope" = whole ] ||
		[ "$(sealed rows)" = "$(awk 'NR > 1 { print $1, $5 }' chain | sha256sum | cut -c 1-64)" ] ||
		unsealed "chain: these are not the entries that were sealed"
	for name in desk made-by scope masked entries trial; do
		[ "$name" != trial ] || [ -n "$(sealed trial)" ] || continue # older desks did not say
		grep -q "^$name $(sealed $name)\$" about || unsealed "about: another $name was sealed"
	done
	other=$(awk -v masked="$(sealed masked)" 'NR > 1 && $6 == (masked == "no" ? "masked" : "body") {
		print "chain: entry " $1 " is there as " $6 ", and masked " masked " was sealed"
	}' chain)
	[ -z "$other" ] || unsealed "$other"
	if [ -n "$expected" ] && [ "$expected" != "$desk_key" ]; then
		unsealed "desk_signers: the seal is by $desk_key, not by $expected"
	fi
fi
# --- every file is what the manifest says, and there is no other -----------------------------

[ "$(hash_of manifest.sha256)" = "$(sha256sum manifest | sha256sum | cut -c 1-64)" ] ||
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
	{ known["./manifest"] = known["./manifest.sha256"] = known["./seal"] = known["./seal.sig"] = 1 }
	!($0 in known) { print $0 ": is not in the manifest" }' manifest -)"
found "$(find . -type d | grep -vxE '\.(/(entries|signed|heads|keys|evidence))?' |
	awk '{ print $0 ": is a folder that no package has" }')"

# --- the chain of the ledger ------------------------------------------------------------------

# SEQ SIZE PREV_HASH COMMITMENT ROW_HASH body|masked|erased|withheld, behind one line for the whole.
# Of an entry that is withheld the commitment is "-"; older packages have it.
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
	$1 ~ /[^0-9]/ || $2 ~ /[^0-9]/ || !hash($3) || !hash($5) || NF != 6 ||
		!hash($4) && !($6 == "withheld" && $4 == "-") ||
		$6 !~ /^(body|masked|erased|withheld)$/ || ($2 == 0) != ($6 == "withheld") {
		print "chain: line " NR " cannot be read"
		next
	}
	whole && $1 != NR - 1 { print "chain: entry " (NR - 1) " is missing" }
	$1 <= last { print "chain: entry " $1 " is not in order" }
	(whole || $1 == last + 1 && NR > 2) && $3 != before {
		print "chain: entry " $1 " does not continue the one before it"
	}
	{ last = $1 + 0; before = $5 }' chain)"
# What the chain says is here of an entry is here, and nothing else.
found "$(awk '
	FILENAME == "chain" {
		if (FNR > 1 && $2 > 0) { wanted["entries/" $1 ".row"] = 1 }
		if (FNR > 1 && $6 == "body") { wanted["entries/" $1 ".body"] = 1 }
		next
	}
	substr($0, 67) ~ /^entries\// {
		if (!(substr($0, 67) in wanted)) { print substr($0, 67) ": is of no such entry" }
		delete wanted[substr($0, 67)]
	}
	END { for (name in wanted) { print name ": is not in the manifest" } }' chain manifest)"
[ "$bad" = 0 ] || exit 1
found "$(awk 'NR > 1 && $2 > 0 { print $5 "  entries/" $1 ".row" }' chain |
	sha256sum -c 2>&1 | grep -v -e ': OK$' -e 'no properly formatted')"
found "$(awk 'NR > 1 && $6 == "body" { print $4 "  entries/" $1 ".body" }' chain |
	sha256sum -c 2>&1 | grep -v -e ': OK$' -e 'no properly formatted')"

# --- what the hashed rows say, and what was signed -----------------------------------------------

# Each row: the hash before it, its number and its commitment are those of the chain. Each signed
# text is about this entry, by this person, at this time, on the entry it says it stands on.
desk=$(sed -n 's/^desk \([0-9a-f]*\)$/\1/p' about)
rows=$(awk 'NR > 1 && $2 > 0 { n++ } END { print n + 0 }' chain)
# Entries whose body holds a signature; of one that erased another it may be the other's.
proved() {
	awk 'NR > 1 && $6 == "body" { print "entries/" $1 ".body" }' chain |
		xargs grep -lF '"signed":{"' /dev/null | sed 's/[^0-9]//g; s/^/proved /'
}
# Which entries a body names: one that erases says so of another, whatever else its form asks.
# Quotes within a text would be escaped.
erasing() {
	awk 'NR > 1 && $6 == "body" { print "entries/" $1 ".body" }' chain |
		xargs grep -aoHE '"seq":[0-9]+' /dev/null |
		sed 's/[^0-9]*\([0-9]*\)\.body:[^0-9]*\([0-9]*\).*/erases \1 \2/'
}
row_bytes() {
	awk 'NR > 1 && $2 > 0 { print "entries/" $1 ".row" }' chain | xargs cat | od -An -v -tx1
}
[ "$rows" = 0 ] || found "$({
	proved
	erasing
	row_bytes
} | awk -v desk="$desk" '
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
	# A reason may be of several lines, which its length tells.
	function read_signed(file,   line, name, rest, cut, size, text) {
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
			size = cut < 2 ? "" : substr(rest, 1, cut - 1)
			text = substr(rest, cut + 1)
			while (length(text) < size + 0 && (getline line < file) > 0) {
				text = text "\n" line
			}
			says[name] = text
			if (size "" != length(text) "") {
				print file ": has a line of another length than it says"
			}
		}
		close(file)
	}
	function check_signed() {
		read_signed("signed/" seq ".txt")
		same("desk", says["desk"], desk)
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
	function check_row(   i, count, named) {
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
		} else if (seq in has_proof && kind != "key-proposed" && kind != "erase") {
			print "signed/list: the signature in entries/" seq ".body is not in it"
		}
		if (kind == "erase") {
			count = split(erases[seq], named)
			for (i = 1; i <= count; i++) {
				delete form[named[i]]
			}
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
		hidden = hidden || FNR > 1 && ($6 == "withheld" || $6 == "masked")
		if (FNR > 1 && $6 == "erased") {
			form[$1] = $6
		}
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
	$1 == "proved" {
		has_proof[$2] = 1
		next
	}
	$1 == "erases" {
		erases[$2] = erases[$2] " " $3
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
		# What says so may be in an entry that is not here.
		for (seq in form) {
			if (!hidden) {
				print "entries/" seq ".row: its body is gone, and no entry erased it"
			}
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

# All at once: a process for each would take longer than the signatures.
found "$(awk 'substr($0, 67) ~ /^signed\/[0-9]+\.fields$/ { print substr($0, 67) }' manifest |
	xargs sha256sum /dev/null | awk '
	$2 == "/dev/null" { next }
	{
		file = $2
		sub(/fields$/, "txt", file)
		ok = 0
		while ((getline line < file) > 0) {
			ok = ok || line == "fields 64:" $1
		}
		close(file)
		if (!ok) {
			print $2 ": is not what was signed"
		}
	}')"

signatures=0
# The last line may lack its end: what awk read of it above is checked here, too.
while read -r seq who when key || [ -n "$seq" ]; do
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
	[ -f "entries/$seq.body" ] || continue
	form=
	read -r form <"signed/$seq.txt"
	if [ ! -f "signed/$seq.fields" ] && [ "$form" = toban-decision-1 ]; then
		fail "signed/$seq.fields is missing"
		continue
	fi
	# The nonce before a body has 16 bytes, the salt before fields 26 characters. The fields of
	# a change of rights are all of it but the proof.
	found "$({
		tail -c +17 "entries/$seq.body"
		echo
		[ ! -f "signed/$seq.fields" ] || tail -c +27 "signed/$seq.fields"
		echo
	} | awk -v seq="$seq" '
		# A file as it stands in a body.
		function in_json(file,   line, text) {
			while ((getline line < file) > 0) {
				gsub(/["\\]/, "\\\\&", line)
				gsub(/\t/, "\\\\t", line)
				text = text line "\\n"
			}
			close(file)
			return "\"" text "\""
		}
		function must_hold(name, end) {
			if (!index(body, "\"" name "\":" in_json("signed/" seq end))) {
				print "signed/" seq end ": is not what entries/" seq ".body says"
			}
		}
		NR == 1 {
			body = $0
			must_hold("text", ".txt")
			must_hold("signature", ".sig")
		}
		NR == 2 && $0 != "" && !index(body, "\"fields\":" $0) {
			sub(/"signed":[{][^}]*[}],/, "", body) || sub(/,"signed":[{][^}]*[}]/, "", body)
			if (body != $0) {
				print "signed/" seq ".fields: is not what entries/" seq ".body says"
			}
		}')"
done <signed/list

# --- ends that went out to witnesses -------------------------------------------------------------

# Each is signed by the desk, of this desk, and what stands at its number.
heads=0
for file in $(awk 'substr($0, 67) ~ /^heads\/[0-9]+\.txt$/ { print substr($0, 67) }' manifest); do
	ssh-keygen -Y verify -f desk_signers -I desk -n toban -s "${file%.txt}.sig" \
		<"$file" >/dev/null 2>&1 || {
		fail "${file%.txt}.sig: is no signature of $file by a key in desk_signers"
		continue
	}
	heads=$((heads + 1))
done
found "$(awk -v desk="$desk" '
	FILENAME == "chain" {
		if (FNR == 1) { whole = $2 == "whole" } else { row[$1] = $5 }
		next
	}
	$1 == "toban-head-1" { seq = "" }
	$1 == "desk" && $2 != desk { print FILENAME ": is an end of another desk" }
	$1 == "seq" { seq = $2 }
	$1 == "row_hash" && seq in row && row[seq] != $2 {
		print FILENAME ": entry " seq " is another one than its witness was told"
	}
	$1 == "row_hash" && whole && !(seq in row) {
		print FILENAME ": entry " seq " is missing: the record was cut off before it"
	}' chain $(awk 'substr($0, 67) ~ /^heads\/[0-9]+\.txt$/ { print substr($0, 67) }' manifest))"
# The end beside the chain is its own.
if [ "$(sed -n '1s/.* //p' chain)" = whole ]; then
	awk 'NR == FNR { row = $5; seq = $1; next }
		index($0, "\"row_hash\":\"" row "\"") && index($0, "\"seq\":" seq "}") { ok = 1 }
		END { exit !ok }' chain head.json || fail "head.json: is not where the chain ends"
fi
# A file is named by its content.
found "$(awk 'substr($0, 67) ~ /^evidence\// && substr($0, 76) != substr($0, 1, 64) {
	print substr($0, 67) ": is not what its name says" }' manifest)"

[ "$bad$broken" = 00 ] || exit 1
if grep -q '^trial yes$' about; then
	echo "TRIAL DESK: anybody could act as anybody in it; this is no evidence."
fi
echo "OK: $(awk 'END { print NR - 1 }' chain) entries, $signatures signatures, $heads kept ends."
if [ "$is_unsigned" = no ]; then
	echo "Signed by the desk's key $desk_key (made by $(sealed made-by), $(sealed made-at))."
	[ -n "$expected" ] ||
		echo "Whose key that is, this package cannot prove: compare it with what you know of it."
fi
