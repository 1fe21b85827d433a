"""The models CapSearch recommends, with what a person should know before downloading one.

Sizes are those of the published weights. Quality is text-to-photo R@1 on MSCOCO as the open_clip
project publishes it (docs/openclip_retrieval_results.csv), where it publishes one.
"""

from dataclasses import dataclass

_RESEARCH_ONLY = "Apple ML Research licence"


@dataclass(frozen=True)
class EncoderInfo:
    """One line of `capsearch models`; what is not known is None or empty."""

    name: str
    kind: str
    repository: str = ""
    dim: int | None = None
    size_bytes: int | None = None
    licence: str = ""
    installed: bool = False
    note: str = ""


def _open_clip(
    name: str, repository: str, *, dim: int, megabytes: int, licence: str, note: str
) -> EncoderInfo:
    return EncoderInfo(
        name=name,
        kind="open_clip",
        repository=repository,
        dim=dim,
        size_bytes=megabytes * 1_000_000,
        licence=licence,
        note=note,
    )


CURATED: tuple[EncoderInfo, ...] = (
    EncoderInfo(
        name="starter",
        kind="starter",
        dim=512,
        size_bytes=54_000_000,
        licence="Apache-2.0, see its card",
        note="Comes with CapSearch, needs no download and no graphics card.",
    ),
    _open_clip(
        "ViT-B-32/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
        dim=512,
        megabytes=605,
        licence="MIT",
        note="The fastest full CLIP. English. COCO R@1 37%.",
    ),
    _open_clip(
        "ViT-B-32-256/datacomp_s34b_b86k",
        "laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K",
        dim=512,
        megabytes=605,
        licence="MIT",
        note="Nearly as fast and better: the first to try. English. COCO R@1 40%.",
    ),
    _open_clip(
        "ViT-B-16/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        dim=512,
        megabytes=599,
        licence="MIT",
        note="Finer details, a third of the speed. English. COCO R@1 40%.",
    ),
    _open_clip(
        "ViT-B-16-SigLIP/webli",
        "timm/ViT-B-16-SigLIP",
        dim=768,
        megabytes=813,
        licence="Apache-2.0",
        note="Best of its size. English. Needs the package transformers. COCO R@1 48%.",
    ),
    _open_clip(
        "ViT-B-16-SigLIP2/webli",
        "timm/ViT-B-16-SigLIP2",
        dim=768,
        megabytes=1500,
        licence="Apache-2.0",
        note="Understands more than a hundred languages. Needs the package transformers.",
    ),
    _open_clip(
        "ViT-L-14/datacomp_xl_s13b_b90k",
        "laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K",
        dim=768,
        megabytes=1710,
        licence="MIT",
        note="For a graphics card. English. COCO R@1 46%.",
    ),
    _open_clip(
        "MobileCLIP-S2/datacompdr",
        "apple/MobileCLIP-S2-OpenCLIP",
        dim=512,
        megabytes=397,
        licence=_RESEARCH_ONLY,
        note="Small and good, but licensed for research only. English.",
    ),
)
