"""The CAP network without torch: `lab.cap.torch_network.CapNetwork` in numpy, for the product.

A test holds the two together. Prototypes are one row each; every output is a coefficient of them.
"""

from dataclasses import dataclass

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.personalize.weights import CapWeights

LINKS = 16


@dataclass(frozen=True)
class PrototypeOutputs:
    """Per prototype `(k,)`: prior logit and low-rank coefficient; and the logit of none."""

    prior: FloatArray
    low_rank: FloatArray
    nothing: float


def standardised(weights: CapWeights, features: FloatArray) -> FloatArray:
    """Photo features `(n, f)` on the scale that the network was trained on."""
    tensors = weights.tensors
    scaled: FloatArray = (features - tensors["feature_shift"]) * tensors["feature_scale"]
    return scaled


def photo_prior(weights: CapWeights, scaled: FloatArray) -> FloatArray:
    """Logit `(n,)` that each photo shows a subject that comes back."""
    hidden = _gelu(_linear(weights, "photo_in", scaled))
    return _linear(weights, "photo_out", hidden)[:, 0]


def link_weights(weights: CapWeights, closeness: FloatArray) -> FloatArray:
    """How surely two neighbours show one subject, 0 to 1, from their scaled closeness."""
    link = weights.tensors["link"]
    return sigmoid(link[0] * closeness - link[1])


def prototype_outputs(
    weights: CapWeights,
    scaled: FloatArray,
    size: FloatArray,
    prior: FloatArray,
    between: FloatArray,
) -> PrototypeOutputs:
    """Run the transformer over k prototypes.

    scaled `(k, f)`: features of the photo at each prototype's heart; size `(k,)`: summed link
    weights; prior `(k,)`; between `(k, k)`: scaled inner products.
    """
    extra = np.stack([np.log(size), prior], axis=1)
    tokens = _linear(weights, "token_in", np.concatenate([scaled, extra], axis=1))
    for layer in range(weights.layers):
        tokens = _block(weights, f"blocks.{layer}", tokens, between)
    tokens = _norm(weights, "norm", tokens)
    more, rank = _linear(weights, "heads", tokens).T
    nothing = _linear(weights, "nothing", tokens.mean(axis=0, keepdims=True))[0, 0]
    return PrototypeOutputs(prior + more, np.tanh(rank), float(nothing))


def softplus(value: FloatArray) -> FloatArray:
    """log(1 + e^x), without overflow: nothing for what does not recur, the log-odds where sure."""
    result: FloatArray = np.logaddexp(np.float32(0.0), value)
    return result


def sigmoid(value: FloatArray) -> FloatArray:
    """Logistic function, without overflow."""
    result: FloatArray = 0.5 * (1.0 + np.tanh(0.5 * value))
    return result


def _block(weights: CapWeights, name: str, tokens: FloatArray, between: FloatArray) -> FloatArray:
    heads = weights.heads
    joined = _linear(weights, f"{name}.query_key_value", _norm(weights, f"{name}.norm", tokens))
    query, key, value = (
        part.reshape(len(tokens), heads, -1).transpose(1, 0, 2) for part in np.split(joined, 3, 1)
    )
    logits = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[-1]))
    first, second = weights.tensors[f"{name}.alike"][:, :, None, None]
    squared = np.clip(between, -8.0, 8.0) ** 2 / np.float32(4.0)
    seen: FloatArray = (logits + first * between + second * squared).astype(np.float32)
    context = (_softmax(seen) @ value).transpose(1, 0, 2).reshape(len(tokens), -1)
    tokens = tokens + _linear(weights, f"{name}.out", context)
    wide = _gelu(_linear(weights, f"{name}.wide", _norm(weights, f"{name}.norm_wide", tokens)))
    result: FloatArray = tokens + _linear(weights, f"{name}.narrow", wide)
    return result


def _linear(weights: CapWeights, name: str, value: FloatArray) -> FloatArray:
    tensors = weights.tensors
    result: FloatArray = value @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]
    return result


def _norm(weights: CapWeights, name: str, value: FloatArray) -> FloatArray:
    centred = value - value.mean(axis=-1, keepdims=True)
    scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
    tensors = weights.tensors
    result: FloatArray = centred / scale * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]
    return result


def _gelu(value: FloatArray) -> FloatArray:
    inner = np.float32(np.sqrt(2.0 / np.pi)) * (value + np.float32(0.044715) * value**3)
    result: FloatArray = (0.5 * value * (1.0 + np.tanh(inner))).astype(np.float32)
    return result


def _softmax(logits: FloatArray) -> FloatArray:
    risen = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: FloatArray = risen / risen.sum(axis=-1, keepdims=True)
    return result
