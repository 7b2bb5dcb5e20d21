#!/usr/bin/env bash
# A translator for languages with little text, from nothing, on two cores: a byte-level vocabulary of 8000 tokens, a decoder
# of 15 million parameters trained on English-Zulu, LoRA to English-Bambara and English-Guarani, and what came of it on the
# dev sets: loss, and chrF++ of greedy translations.
#
#   tools/recipes/lowresource/run.sh DATA OUT
#
# DATA holds eng-zul, eng-bam and eng-gug as NAME.train.jsonl and NAME.dev.jsonl with {"src_lang", "tgt_lang", "src", "tgt"}
# lines; OUT is a new folder. STEPS=720 and ADAPT_STEPS=180 are the steps, LINES=100 how many lines are translated, LUGHA another
# launcher. peer.py beside this file does the same in PyTorch, from OUT's vocabulary and start weights.
set -euo pipefail
if [ $# -ne 2 ]; then
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lugha=${LUGHA:-$here/../../../lugha}
lugha=$(realpath "$lugha")
data=$(realpath "$1")
steps=${STEPS:-720} adapt=${ADAPT_STEPS:-180} lines=${LINES:-100}
"$lugha" --version >/dev/null # a first start builds, which is not part of the time
mkdir "$2"
cd "$2"
ln -s "$data" data
SECONDS=0
took() { # what: the time since the last call
  printf '%s %d\n' "$1" $((SECONDS - ${last:-0})) >>seconds
  last=$SECONDS
}

"$lugha" tokenizer train --input data/eng-{zul,bam,gug}.train.jsonl --model bpe --vocab-size 8000 --output tokenizer
"$lugha" model init --config "$here/config.json" --output start --seed 1
# Both sides begin with one adapter: a step at a rate of 0 leaves it as it was drawn.
"$lugha" train --config "$here/bam.yaml" --set model.path=start --set tokenizer.path=tokenizer --set 'data.eval=[]' \
  --set method.init_adapter=null --set steps=1 --set batch.sequences=1 --set schedule.warmup_steps=0 \
  --set optimizer.lr=0 --set output=start-lora
took start
"$lugha" train --config "$here/zul.yaml" --set steps="$steps" --set schedule.warmup_steps=$((steps / 12))
took zul
for code in bam gug; do
  "$lugha" train --config "$here/$code.yaml" --set steps="$adapt" --set schedule.warmup_steps=$((adapt / 12))
  took $code
done

for code in zul bam gug; do
  if [ $code = zul ]; then adapter=(); else adapter=(--adapter $code/adapter); fi
  "$lugha" evaluate --model zul/model "${adapter[@]}" --data data/eng-$code.dev.jsonl --metrics chrf++ --limit "$lines" \
    --max-new-tokens 96 --samples $code.answers.jsonl --output $code.json --json >/dev/null
done
took chrf++

for code in zul bam gug; do
  loss=$(grep '"eval"' $code/metrics.jsonl | tail -n 1 | sed -E 's/.*"loss": ?([0-9.]+).*/\1/')
  score=$(sed -E 's/.*"chrf\+\+": ?\{"score": ?([0-9.]+).*/\1/' $code.json)
  LC_ALL=C printf 'eng-%s  loss %.4f  chrF++ %.2f\n' $code "$loss" "$score"
done
echo "seconds: $SECONDS ($(paste -sd, seconds | sed 's/,/, /g'))"
