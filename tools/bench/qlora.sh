#!/usr/bin/env bash
# What holding a base in few bits costs: a Llama of 5.8 million parameters is trained on a text from nothing, then
# LoRA is trained on it for another task three times, on the F32 base, on NF4 and on int8, and evaluated.
# Prints the evaluation losses and their ratios to LoRA's.
#
#   tools/bench/qlora.sh BASE.jsonl TASK.train.jsonl TASK.dev.jsonl [FOLDER [BASE_STEPS [STEPS]]]
#
# The files hold {"src_lang", "tgt_lang", "src", "tgt"} lines. LUGHA names another launcher.
set -euo pipefail
if [ $# -lt 3 ]; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lugha=${LUGHA:-$root/lugha}
base=$(realpath "$1") train=$(realpath "$2") dev=$(realpath "$3")
folder=${4:-$(mktemp -d)}
base_steps=${5:-200} steps=${6:-200}
mkdir -p "$folder"
cd "$folder"

cat >config.json <<'JSON'
{"model_type": "llama", "vocab_size": 2048, "hidden_size": 256, "intermediate_size": 688, "num_hidden_layers": 6,
 "num_attention_heads": 4, "num_key_value_heads": 4, "max_position_embeddings": 256, "rms_norm_eps": 1e-6,
 "tie_word_embeddings": false}
JSON
[ -d tokenizer ] || "$lugha" tokenizer train --input "$base" "$train" --model bpe --vocab-size 2048 --output tokenizer

run() { # output steps lr model method data
  cat >"$1.yaml" <<YAML
model: $4
tokenizer: {path: tokenizer}
method: $5
data:
  train: [{path: '$6', language: x, format: translation, licence: unknown}]
  eval: [{path: '$dev', language: x, format: translation, licence: unknown}]
  loss: all
  max_length: 64
optimizer: {lr: $3}
schedule: {type: cosine, warmup_steps: 10}
steps: $2
batch: {sequences: 4}
evaluate: {every: $2}
seed: 1
output: $1
YAML
  [ -f "$1/metrics.jsonl" ] && grep -q eval "$1/metrics.jsonl" || "$lugha" train --config "$1.yaml" --overwrite
}
run base "$base_steps" 1.0e-3 '{config: config.json}' '{type: full}' "$base"
run lora "$steps" 1.0e-3 '{path: base/model}' '{type: lora, rank: 16, alpha: 32}' "$train"
run nf4 "$steps" 1.0e-3 '{path: base/model}' '{type: qlora, rank: 16, alpha: 32}' "$train"
run int8 "$steps" 1.0e-3 '{path: base/model}' '{type: qlora, quantization: int8, rank: 16, alpha: 32}' "$train"

loss() { grep '"eval"' "$1/metrics.jsonl" | tail -1 | sed -E 's/.*"loss": ?([0-9.]+).*/\1/'; }
plain=$(loss lora)
for name in lora nf4 int8; do
  few=$(loss "$name")
  awk -v n="$name" -v a="$few" -v b="$plain" 'BEGIN {printf "%-5s evaluation loss %.4f, %.4f of LoRA on F32\n", n, a, b ? a / b : 0}'
done
