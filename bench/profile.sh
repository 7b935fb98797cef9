#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What one answered message costs, stage by stage, in instructions: the same on every run of the same build, whatever
# else the machine does. Sockets are not in it. Use: bench/profile.sh [ROUNDS]; a round is 32 messages. KEEP=1: the result is
# kept in bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-40}
raw=build/bench/turn.callgrind
command -v valgrind >/dev/null || { echo "bench/profile.sh: valgrind is not there (apt-get install valgrind)" >&2; exit 1; }
[ "${COUNTED:-}" ] || valgrind --quiet --tool=callgrind --callgrind-out-file="$raw" --toggle-collect='talk_round*' build/bench/turn "$rounds" \
	>build/bench/turn.out

# functions KIND: "instructions name" of every function, the sum of its compilation units' names. A function that is
# named with its source in two spellings is listed twice by callgrind_annotate with the same inclusive number.
functions() {
	callgrind_annotate --auto=no --inclusive="$1" --threshold=100 --show-percs=no "$raw" 2>/dev/null |
		sed -nE 's/^ *([0-9,]+) +[^:]*:([A-Za-z_0-9@.]+).*/\1 \2/p' | tr -d , |
		awk -v kind="$1" '
			{ sub(/[.](constprop|isra|part|avx2|default)[.0-9]*$/, "", $2); sub(/@@.*/, "", $2) }
			kind == "yes" { if ($1 > sum[$2]) sum[$2] = $1 }
			kind == "no" { sum[$2] += $1 }
			END { for (name in sum) print sum[name], name }'
}

turns=$(awk '{ print $2 + 0; exit }' build/bench/turn.out)
{
	echo "Instructions of one answered message, mean over $turns messages of the sample shop (callgrind; 8 turns a transaction)"
	echo
	functions yes | awk -v turns="$turns" '
		{ cost[$2] = $1 / turns }
		function stage(name, value, what) {
			printf "%-10s %9d  %5.1f %%  %s\n", name, value, value * 100 / cost["talk_round"], what
			sum += value
		}
		END {
			step = cost["conversation_step"]
			thought = cost["knowledge_understand"] + cost["matcher_rank"]
			text = cost["tokens_read_in"] + cost["terms_of_tokens_in"]
			stage("parse", cost["wire_read_frame"], "the frame: JSON to a struct")
			stage("language", cost["language_guess"], "which language it is")
			stage("text", text, "words, stems, synonyms")
			stage("match", thought - cost["language_guess"] - text - cost["mood_read_tokens"] - cost["person_wish"], "candidates, confidence, why")
			stage("mood", cost["mood_read_tokens"], "polarity, frustration")
			stage("wish", cost["person_wish"], "for a person")
			stage("policy", step - thought, "rules, reply, events")
			stage("apply", cost["conversation_apply"], "events into the state")
			stage("store", cost["store_commit"], "an eighth of a transaction, without the kernel")
			stage("print", cost["wire_decision_details"] + cost["wire_ack"] + cost["wire_event"], "reasons, ack, events: structs to JSON")
			printf "%-10s %9d  %5.1f %%  %s\n", "rest", cost["talk_round"] - sum, (cost["talk_round"] - sum) * 100 / cost["talk_round"], "of this benchmark: making the question, copying the row"
			printf "%-10s %9d\n", "all", cost["talk_round"]
		}'
	echo
	echo "Where the instructions themselves are (a function without what it calls):"
	functions no | sort -rn | awk -v turns="$turns" 'NR <= 25 { printf "%9d  %s\n", $1 / turns, $2 }'
	echo
	echo "The parts of the two largest stages (a function with what it calls):"
	functions yes | awk '$2 ~ /^(matcher_read|scratch_score|vocabulary_[a-z_]+|rate_candidates|confidence_terms_of|explain|example_store_nearest|classifier_score|vectors_add|feature_[a-z_]+|spelling_[a-z_]+|softmax_sum|write_one|write_all|event_bind|store_run|store_finish|store_step|sqlite3_(step|bind_[a-z0-9]+|reset|prepare_v[0-9])|sqlite3VtabSync|sqlite3PagerCommitPhaseOne|sqlite3WalFrames)$/' |
		sort -rn | awk -v turns="$turns" '{ printf "%9d  %s\n", $1 / turns, $2 }'
} >build/bench/profile.txt
cat build/bench/profile.txt
[ -z "${KEEP:-}" ] || cp build/bench/profile.txt bench/results/
