"""What transformers generates greedily and with beams, for GenerationGoldenTest.

Usage: generation.py FOLDER > FOLDER/cases.jsonl, where FOLDER holds a tiny model, as made by
`lugha model init --config FOLDER/config.json --output FOLDER`.
"""

import json
import sys

import torch
from transformers import LlamaForCausalLM

model = LlamaForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
draw = torch.Generator().manual_seed(0)
for i in range(40):
    prompt = torch.randint(3, 31, (1, 1 + i % 6), generator=draw)
    beams = [1, 2, 3, 5][i % 4]
    length_penalty = [1.0, 0.0, 2.0, -0.5, 1.0][i % 5]
    repetition_penalty = [1.0, 1.0, 1.3, 0.8][(i // 4) % 4]
    end = [[2], [2, 7], [5, 9, 11]][i % 3]
    most = 3 + i % 12
    more = {"length_penalty": length_penalty} if beams > 1 else {}
    row = model.generate(
        prompt,
        attention_mask=torch.ones_like(prompt),
        num_beams=beams,
        do_sample=False,
        max_new_tokens=most,
        repetition_penalty=repetition_penalty,
        eos_token_id=end,
        pad_token_id=0,
        **more,
    )[0]
    case = {
        "prompt": prompt[0].tolist(),
        "beams": beams,
        "length_penalty": length_penalty,
        "repetition_penalty": repetition_penalty,
        "end": end,
        "max_new_tokens": most,
        "made": row[prompt.shape[1] :].tolist(),
    }
    print(json.dumps(case))
