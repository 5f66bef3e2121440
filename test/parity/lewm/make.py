"""LeWM as stable-worldmodel builds it, with random weights, and what it makes of pictures and actions.

Writes weights.safetensors (the state dict), pixels.safetensors etc. as one file expected.safetensors. Needs torch, transformers,
stable-worldmodel (MIT), safetensors, einops.

    python make.py tiny <folder>      # what test/fixtures/lewm holds
    python make.py full <folder>      # the published size, 18 M parameters
"""

import importlib.util
import sys
import types
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn
from transformers import ViTConfig, ViTModel

TINY = dict(image=28, patch=14, width=32, layers=2, heads=2, hidden=48, projector=40, window=3, depth=2, pheads=2, head=24, mlp=40, squeezed=10)
FULL = dict(image=224, patch=14, width=192, layers=12, heads=3, hidden=768, projector=2048, window=3, depth=6, pheads=16, head=64, mlp=2048, squeezed=10)


def modules():
    """The two files of stable-worldmodel that define LeWM, without the rest of the package."""
    import importlib.metadata as metadata

    root = Path(metadata.distribution("stable-worldmodel").locate_file("stable_worldmodel/wm/lewm"))
    found = types.SimpleNamespace()
    for name in ("module", "lewm"):
        spec = importlib.util.spec_from_file_location(f"lewm_{name}", root / f"{name}.py")
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        setattr(found, name, loaded)
    return found


def build(s, block):
    found = modules()
    m = found.module
    encoder = ViTModel(
        ViTConfig(
            image_size=s["image"], patch_size=s["patch"], hidden_size=s["width"], num_hidden_layers=s["layers"],
            num_attention_heads=s["heads"], intermediate_size=s["hidden"], hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0, layer_norm_eps=1e-12, qkv_bias=True,
        ),
        add_pooling_layer=False, use_mask_token=False,
    )
    mlp = lambda: m.MLP(s["width"], s["projector"], s["width"], norm_fn=nn.BatchNorm1d)
    model = found.lewm.LeWM(
        encoder=encoder,
        predictor=m.Predictor(
            num_frames=s["window"], depth=s["depth"], heads=s["pheads"], mlp_dim=s["mlp"], input_dim=s["width"],
            hidden_dim=s["width"], dim_head=s["head"], dropout=0.1,
        ),
        action_encoder=m.Embedder(input_dim=block, smoothed_dim=s["squeezed"], emb_dim=s["width"]),
        projector=mlp(), pred_proj=mlp(),
    )
    generator = torch.Generator().manual_seed(7)
    for name, tensor in model.state_dict().items():  # no weight stays at a start that hides mistakes, such as AdaLN's zeros
        if tensor.dtype != torch.float32:
            continue
        noise = torch.randn(tensor.shape, generator=generator)
        if name.endswith("running_var"):
            tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator))
        elif tensor.ndim >= 2 and "pos" not in name and "cls" not in name:
            tensor.copy_(noise / tensor[0].numel() ** 0.5)
        else:
            is_gain = name.endswith("weight")
            tensor.copy_(0.2 * noise + (1 if is_gain else 0))
    return model.eval()


def main(size, folder):
    s = TINY if size == "tiny" else FULL
    samples, horizon, block = (6, 5, 10) if size == "tiny" else (16, 5, 10)
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    model = build(s, block)
    generator = torch.Generator().manual_seed(11)
    pixels = torch.randint(0, 256, (2, s["image"], s["image"], 3), generator=generator, dtype=torch.uint8)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    seen = ((pixels / 255 - mean) / std).permute(0, 3, 1, 2)
    candidates = torch.randn(1, samples, horizon, block, generator=generator)
    with torch.no_grad():
        embeddings = model.encode({"pixels": seen[:, None]})["emb"][:, 0]
        many = lambda x: x[None, None, None].expand(1, samples, 1, *x.shape)
        info = {"pixels": many(seen[0]), "goal": many(seen[1]), "action": torch.zeros(1, samples, 1, block)}
        costs = model.get_cost(info, candidates)[0]
        rollout = info["predicted_emb"][0, :, 1:]
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, out / "weights.safetensors")
    save_file(
        {"pixels": pixels.float(), "candidates": candidates[0].contiguous(), "embeddings": embeddings.contiguous(),
         "rollout": rollout.contiguous(), "costs": costs.contiguous()},
        out / "expected.safetensors",
    )
    print(size, len(model.state_dict()), "tensors", sum(p.numel() for p in model.parameters()), "parameters")
    if size == "full":
        speed(model, seen, block)


def speed(model, seen, block):
    """One published CEM plan's rollouts (300 candidates x 5 blocks), and one frame, on two threads."""
    import time

    torch.set_num_threads(2)
    emb = model.encode({"pixels": seen[:1, None]})["emb"]
    many = {"pixels": torch.zeros(1, 300, 1, 1), "emb": emb[None].expand(1, 300, 1, -1)}
    for name, work in {
        "frame": lambda: model.encode({"pixels": seen[:1, None]}),
        "rollout": lambda: model.rollout(dict(many), torch.randn(1, 300, 5, block)),
    }.items():
        times = []
        with torch.no_grad():
            for _ in range(8):
                began = time.perf_counter()
                work()
                times.append(time.perf_counter() - began)
        print(name, "median", round(sorted(times)[4] * 1000, 1), "ms")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
