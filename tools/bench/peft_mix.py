"""Adapters cut and mixed by `lugha adapter`, beside PEFT: python -P peft_mix.py BASE TEXT.jsonl ONE TWO CAT LINEAR W1 W2

ONE and TWO are LoRA folders of one rank, CAT and LINEAR what `adapter merge --adapter ONE --adapter TWO
--weights W1,W2 --into-adapter cat` and `linear` made of them. Prints the largest difference of the logits of PEFT's
add_weighted_adapter and of those folders loaded in PEFT, and the loss of TEXT with ONE, which `adapter ranks` and
`score` tell too.
"""

import json
import sys

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast


def main(base, text, one, two, cat, linear, w1, w2):
    torch.manual_seed(0)
    weights = [float(w1), float(w2)]
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=base + "/tokenizer.json")
    rows = [json.loads(line)["text"] for line in open(text, encoding="utf-8")]
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), one, adapter_name="one")
    model.load_adapter(two, adapter_name="two")
    model.load_adapter(cat, adapter_name="our_cat")
    model.load_adapter(linear, adapter_name="our_linear")
    model.eval()
    nll = counted = 0
    with torch.no_grad():
        for row in rows:
            ids = torch.tensor([tokenizer.encode(row)])
            logits = model(ids).logits[0, :-1]
            nll += torch.nn.functional.cross_entropy(logits, ids[0, 1:], reduction="sum").item()
            counted += ids.shape[1] - 1
        print("loss with ONE in PEFT: %.6f" % (nll / counted))
        ids = torch.tensor([tokenizer.encode(rows[0])])
        for kind in ("cat", "linear"):
            model.add_weighted_adapter(["one", "two"], weights, adapter_name=kind, combination_type=kind)
            model.set_adapter(kind)
            theirs = model(ids).logits
            model.set_adapter("our_" + kind)
            print("%s: logits differ by at most %.2e" % (kind, (model(ids).logits - theirs).abs().max()))


main(*sys.argv[1:])
