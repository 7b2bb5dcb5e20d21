#!/usr/bin/env bash
# The same training step here and in PyTorch + PEFT, in turns, so that a machine whose speed drifts does not
# decide. Prints every run and the medians with their ratio.
#
#   tools/bench/compare.sh [REPETITIONS [options of `lugha bench train`]]
#   PYTHON=venv/bin/python tools/bench/compare.sh 5 --steps 6
#
# Without PyTorch behind $PYTHON only our own figures are printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
repetitions=${1:-5}
shift || true
python=${PYTHON:-python3}
peer=yes
"$python" -c 'import torch, transformers, peft' 2>/dev/null || peer=

field() { sed -E "s/.*\"$1\": ?([0-9.]+).*/\1/"; }
median() { sort -g | awk '{v[NR] = $1} END {print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2}'; }

ours=() theirs=() our_memory=() their_memory=()
for ((i = 1; i <= repetitions; i++)); do
  line=$(./lugha bench train --json "$@" 2>/dev/null)
  echo "lugha   $line"
  ours+=("$(field tokens_per_s <<<"$line")")
  our_memory+=("$(field peak_rss_mib <<<"$line")")
  if [ -n "$peer" ]; then
    line=$("$python" tools/bench/pytorch_lora.py "$@" 2>/dev/null)
    echo "pytorch $line"
    theirs+=("$(field tokens_per_s <<<"$line")")
    their_memory+=("$(field peak_rss_mib <<<"$line")")
  fi
done
a=$(printf '%s\n' "${ours[@]}" | median)
am=$(printf '%s\n' "${our_memory[@]}" | median)
echo "lugha   median $a tokens/s, $am MiB"
if [ -z "$peer" ]; then
  echo "pytorch not found behind $python: no ratio"
  exit 0
fi
b=$(printf '%s\n' "${theirs[@]}" | median)
bm=$(printf '%s\n' "${their_memory[@]}" | median)
echo "pytorch median $b tokens/s, $bm MiB"
awk -v a="$a" -v b="$b" -v am="$am" -v bm="$bm" \
  'BEGIN {printf "ratio   %.2f of its tokens/s, %.2f of its memory\n", a / b, am / bm}'
