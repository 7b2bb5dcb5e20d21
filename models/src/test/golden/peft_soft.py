"""IA3, prompt and prefix tuning as PEFT computes them on the committed tiny checkpoints: logits, twelve steps of AdamW
and greedy tokens, written to resources/org/lugha/models/golden/soft/<case>:

  case.json             base (a folder beside `soft`), input_ids, labels, steps, greedy, tolerances
  expected.safetensors  logits before the first step; init.<name>: first values that PEFT's files do not keep
  adapter0, adapterN    the adapter before and after the steps

With `--check FOLDER`: loads in PEFT what the tests wrote there (-Dlugha.written=FOLDER) and compares logits.
"""
import json
import pathlib
import random
import shutil
import sys

import torch
from peft import IA3Config, PeftModel, PrefixTuningConfig, PromptTuningConfig, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

GOLDEN = pathlib.Path(__file__).parent.parent / "resources/org/lugha/models/golden"
STEPS, LR, DECAY, CLIP = 12, 1e-2, 0.01, 1.0

CASES = {
    "ia3-llama": ("biases", IA3Config(target_modules=["k_proj", "v_proj", "down_proj"], feedforward_modules=["down_proj"],
                                      modules_to_save=["lm_head"])),
    "ia3-gpt2": ("gpt2", IA3Config(target_modules=["c_attn", "mlp.c_proj"], feedforward_modules=["mlp.c_proj"],
                                   fan_in_fan_out=True)),
    "prompt-llama": ("biases", PromptTuningConfig(num_virtual_tokens=3)),
    "prompt-gpt2": ("gpt2", PromptTuningConfig(num_virtual_tokens=5, prompt_tuning_init="SAMPLE_VOCAB")),
    "prompt-gemma3": ("gemma3", PromptTuningConfig(num_virtual_tokens=3)),
    "prefix-llama": ("tied-llama3", PrefixTuningConfig(num_virtual_tokens=3)),
    "prefix-gpt2": ("gpt2", PrefixTuningConfig(num_virtual_tokens=4)),
    "prefix-bloom": ("bloom", PrefixTuningConfig(num_virtual_tokens=2)),
    "prefix-mistral": ("mistral", PrefixTuningConfig(num_virtual_tokens=3)),
    "prefix-projected": ("tied-llama3", PrefixTuningConfig(num_virtual_tokens=3, prefix_projection=True,
                                                           encoder_hidden_size=5)),
}


def base_model(name):
    return AutoModelForCausalLM.from_pretrained(GOLDEN / name, dtype=torch.float32, attn_implementation="eager").eval()


def batch(ids, labels):
    width = max(map(len, ids))
    x = torch.tensor([row + [0] * (width - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids])
    y = torch.tensor([row + [-100] * (width - len(row)) for row in labels])
    return dict(input_ids=x, attention_mask=mask, labels=y)


def own(logits, rows):
    """Without those of virtual tokens."""
    return logits[:, logits.shape[1] - rows["input_ids"].shape[1]:]


def make(name, base, config):
    folder = GOLDEN / "soft" / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, name)))
    rng = random.Random(name)
    ids = [[rng.randrange(4, 59) for _ in range(n)] for n in (11, 8)]
    labels = [[-100] * keep + row[keep:] for keep, row in zip((3, 0), ids)]
    rows = batch(ids, labels)
    config.task_type = "CAUSAL_LM"
    peft = get_peft_model(base_model(base), config).eval()
    for n, p in peft.named_parameters():
        if "ia3_l" in n:
            p.data += 0.2 * torch.randn_like(p)
    peft.save_pretrained(folder / "adapter0")
    expected = {"logits": own(peft(**rows).logits, rows)}
    if getattr(config, "prefix_projection", False):
        for n, p in peft.prompt_encoder["default"].named_parameters():
            expected["init." + n] = p.clone()
    greedy = [peft.generate(input_ids=torch.tensor([row[:4]]), attention_mask=torch.ones(1, 4), max_new_tokens=8,
                            do_sample=False, eos_token_id=None, pad_token_id=0)[0, 4:].tolist() for row in ids]
    trained = [p for p in peft.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(trained, lr=LR, weight_decay=DECAY)
    steps = []
    for _ in range(STEPS):
        loss = peft(**rows).loss
        loss.backward()
        steps.append(dict(loss=loss.item(), grad_norm=torch.nn.utils.clip_grad_norm_(trained, CLIP).item()))
        adam.step()
        adam.zero_grad()
    peft.save_pretrained(folder / "adapterN")
    for adapter in folder.glob("adapter*"):
        (adapter / "README.md").unlink(missing_ok=True)
        file = adapter / "adapter_config.json"
        file.write_text(json.dumps(dict(json.loads(file.read_text()), base_model_name_or_path=None), indent=2))
    save_file({k: v.detach().float().contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    case = dict(base=base, input_ids=ids, labels=labels, greedy=greedy,
                tolerance=dict(logits_abs=2e-4, trajectory_rel=5e-4),
                lora=dict(lr=LR, betas=[0.9, 0.999], eps=1e-8, weight_decay=DECAY, clip_grad_norm=CLIP,
                          trainable=sum(p.numel() for p in trained), steps=steps))
    (folder / "case.json").write_text(json.dumps(case, indent=1))
    size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
    print(f"{name}: {size} bytes, loss {steps[0]['loss']:.4f} to {steps[-1]['loss']:.4f}")


def check(written):
    """What was written here, loaded by PEFT."""
    for folder in sorted(pathlib.Path(written).iterdir()):
        case = json.loads((GOLDEN / "soft" / folder.name / "case.json").read_text())
        rows = batch(case["input_ids"], case["labels"])
        peft = PeftModel.from_pretrained(base_model(case["base"]), folder / "adapter").eval()
        got = own(peft(**rows).logits, rows)
        wanted = load_file(folder / "logits.safetensors")["logits"].view(got.shape)
        off = ((got - wanted).abs() * rows["attention_mask"].unsqueeze(-1)).max().item()
        print(f"{folder.name}: logits off by {off:.2e}")
        assert off < 2e-4


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        check(sys.argv[2])
    else:
        for name, (base, config) in CASES.items():
            if not sys.argv[1:] or name in sys.argv[1:]:
                make(name, base, config)
