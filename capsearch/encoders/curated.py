"""The models CapSearch recommends, with what a person should know before downloading one.

Sizes are those of the published weights. Quality is text-to-photo R@1 on MSCOCO as the open_clip
project publishes it (docs/openclip_retrieval_results.csv), where it publishes one. Work is what
the image tower does for one photo, as open_clip publishes it (docs/model_profile.csv); SigLIP2 has
the image tower of SigLIP. That of MobileCLIP-S2 was counted by torch's `FlopCounterMode`. The
starter's is twice the 863 million multiply-adds that tests/encoders/test_starter.py counts in its
image.onnx; the authors of EfficientNet-Lite2, which it is but for its heads, state 899 million for
theirs (tensorflow/tpu, models/official/efficientnet/lite).
"""

from dataclasses import dataclass
from typing import Literal

Quality = Literal["fair", "good", "high"]
Speed = Literal["fast", "medium", "slow"]

# In percent of MSCOCO's captions: the first CLIPs of this size (OpenAI's ViT-B-32 and ViT-B-16)
# find 30 and 33, the large ones of the list 46 and more.
_GOOD_R1 = 35.0
_HIGH_R1 = 45.0
# In billions of operations for one photo: below the first a processor encodes several photos a
# second on each core, from the second on a library of many thousands wants a graphics card.
_MEDIUM_GFLOPS = 20.0
_SLOW_GFLOPS = 60.0


@dataclass(frozen=True)
class EncoderInfo:
    """One line of `capsearch models`; what is not known is None or empty.

    `repository` is where the hub keeps it and `weights` its file there ('' for the usual names);
    `tokenizer` is the repository that its words are read with, where that is not open_clip's own
    way. `coco_r1` is in percent, `image_gflops` billions of operations for one photo.
    """

    name: str
    kind: str
    repository: str = ""
    weights: str = ""
    tokenizer: str = ""
    dim: int | None = None
    size_bytes: int | None = None
    licence: str = ""
    research_only: bool = False
    coco_r1: float | None = None
    image_gflops: float | None = None
    installed: bool = False
    note: str = ""

    @property
    def quality(self) -> Quality | None:
        """How well it finds, in three classes; None where nobody published a figure."""
        if self.coco_r1 is None:
            return None
        if self.coco_r1 >= _HIGH_R1:
            return "high"
        return "good" if self.coco_r1 >= _GOOD_R1 else "fair"

    @property
    def speed(self) -> Speed | None:
        """How fast it takes photos in, in three classes; None where its work is not known."""
        if self.image_gflops is None:
            return None
        if self.image_gflops >= _SLOW_GFLOPS:
            return "slow"
        return "medium" if self.image_gflops >= _MEDIUM_GFLOPS else "fast"


def _open_clip(
    name: str,
    repository: str,
    *,
    dim: int,
    megabytes: int,
    licence: str,
    gflops: float,
    note: str,
    r1: float | None = None,
    tokenizer: str = "",
    research_only: bool = False,
) -> EncoderInfo:
    return EncoderInfo(
        name=name,
        kind="open_clip",
        repository=repository,
        tokenizer=tokenizer,
        dim=dim,
        size_bytes=megabytes * 1_000_000,
        licence=licence,
        research_only=research_only,
        coco_r1=r1,
        image_gflops=gflops,
        note=note,
    )


CURATED: tuple[EncoderInfo, ...] = (
    EncoderInfo(
        name="starter",
        kind="starter",
        dim=512,
        size_bytes=54_000_000,
        licence="Apache-2.0, see its card",
        image_gflops=1.7,
        note="Comes with CapSearch, needs no download and no graphics card.",
    ),
    _open_clip(
        "ViT-B-32/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
        dim=512,
        megabytes=605,
        licence="MIT",
        r1=37.1,
        gflops=8.8,
        note="The fastest full CLIP. English.",
    ),
    _open_clip(
        "ViT-B-32-256/datacomp_s34b_b86k",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        dim=512,
        megabytes=605,
        licence="MIT",
        r1=39.9,
        gflops=11.5,
        note="Nearly as fast and better: the first to try. English.",
    ),
    _open_clip(
        "ViT-B-16/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        dim=512,
        megabytes=599,
        licence="MIT",
        r1=40.2,
        gflops=35.1,
        note="Finer details, a third of the speed. English.",
    ),
    _open_clip(
        "ViT-B-16-SigLIP/webli",
        "timm/ViT-B-16-SigLIP",
        dim=768,
        megabytes=813,
        licence="Apache-2.0",
        r1=47.8,
        gflops=35.4,
        tokenizer="timm/ViT-B-16-SigLIP",
        note="Best of its size. English.",
    ),
    _open_clip(
        "ViT-B-16-SigLIP2/webli",
        "timm/ViT-B-16-SigLIP2",
        dim=768,
        megabytes=1500,
        licence="Apache-2.0",
        gflops=35.4,
        tokenizer="timm/ViT-B-16-SigLIP2",
        note="Understands more than a hundred languages.",
    ),
    _open_clip(
        "ViT-L-14/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        dim=768,
        megabytes=1710,
        licence="MIT",
        r1=45.7,
        gflops=162.0,
        note="For a graphics card. English.",
    ),
    _open_clip(
        "MobileCLIP-S2/datacompdr",
        "apple/MobileCLIP-S2-OpenCLIP",
        dim=512,
        megabytes=397,
        licence="Apple ML Research licence",
        research_only=True,
        gflops=15.7,
        note="Small and good, but licensed for research only. English.",
    ),
)
