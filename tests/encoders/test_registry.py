"""Names, the list of encoders, and what happens without a connection or with a lying one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_hub import FakeHub, serving

from capsearch.encoders.names import parse_encoder_name
from capsearch.encoders.registry import available_encoders, load_encoder
from capsearch.errors import CapsearchError


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code as a fresh program: the hub's client reads its settings once, at import."""
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def loading(name: str) -> str:
    return f"""
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
try:
    print(load_encoder({name!r}, "cpu").encode_texts(["a dog"]).shape)
except CapsearchError as error:
    print(error)
"""


def test_listing_and_parsing_import_no_model_library() -> None:
    done = run_python("""
import sys
import capsearch.encoders, capsearch.encoders.registry as registry
registry.available_encoders()
try:
    registry.load_encoder("ViT-B-33/laion2b_s34b_b79k")
except Exception as error:
    print(error)
assert not {"torch", "open_clip", "transformers"} & sys.modules.keys()
""")
    assert done.returncode == 0, done.stderr
    assert "Did you mean 'ViT-B-32'" in done.stdout


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("starter", "starter", "starter"),
        (" Starter ", "starter", "starter"),
        ("vit-b-32/openai", "tag", "ViT-B-32/openai"),
        ("hf-hub:org/a.model_2", "hub", "hf-hub:org/a.model_2"),
    ],
)
def test_a_name_is_read_and_spelled_as_it_should_be(name: str, kind: str, text: str) -> None:
    parsed = parse_encoder_name(name)
    assert (parsed.kind, parsed.text) == (kind, text)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("startr", "'starter'"),
        ("ViT-B-32", "ViT-B-32/TAG"),
        ("ViT-B-32-256/datacomp", "'datacomp_s34b_b86k'"),
        ("ViT-B-32/nothing-like-it", "datacomp_xl_s13b_b90k"),
        ("VitB32/openai", "'ViT-B-32'"),
        ("hf-hub:no-owner", "hf-hub:OWNER/MODEL"),
        ("hf-hub:../../etc", "hf-hub:OWNER/MODEL"),
        ("local-dir:/no/such/folder", "open_clip_config.json"),
        ("ViT-B-32@/no/such/file.pt", ".safetensors"),
        ("", "capsearch models"),
    ],
)
def test_a_name_that_cannot_be_used_is_answered_with_one_that_can(name: str, advice: str) -> None:
    with pytest.raises(CapsearchError) as caught:
        load_encoder(name, "cpu")
    assert advice in caught.value.next_step


def test_the_list_begins_with_the_starter_and_says_licences() -> None:
    starter, *others = available_encoders()
    assert starter.name == "starter"
    assert starter.installed
    for info in others:
        assert parse_encoder_name(info.name).text == info.name
        assert info.size_bytes
        assert info.licence or info.installed
    assert [info.name for info in others if info.research_only] == ["MobileCLIP-S2/datacompdr"]


def test_classes_of_quality_and_speed_follow_from_published_figures() -> None:
    classes = {info.name: (info.quality, info.speed) for info in available_encoders()}
    assert classes["starter"] == (None, "fast")
    assert classes["ViT-B-32-256/datacomp_s34b_b86k"] == ("good", "fast")
    assert classes["ViT-B-16-SigLIP/webli"] == ("high", "medium")
    assert classes["ViT-L-14/datacomp_xl_s13b_b90k"] == ("high", "slow")


def test_the_listed_models_are_what_open_clip_knows_under_these_names() -> None:
    import open_clip

    for info in available_encoders():
        if info.kind != "starter" and info.licence:
            architecture, tag = info.name.split("/")
            assert open_clip.get_model_config(architecture)["embed_dim"] == info.dim
            published = open_clip.get_pretrained_cfg(architecture, tag)
            assert published["hf_hub"] == f"{info.repository}/"
            text = open_clip.get_model_config(architecture)["text_cfg"]
            assert text.get("hf_tokenizer_name", "") == info.tokenizer


def test_without_a_connection_the_user_is_told_at_once(tmp_path: Path) -> None:
    done = run_python(
        loading("hf-hub:org/model"),
        HF_HOME=os.fspath(tmp_path),
        HF_ENDPOINT="http://127.0.0.1:9",
        HF_HUB_OFFLINE="0",
    )
    assert "not on this machine and could not be downloaded: no connection." in done.stdout
    assert "--encoder starter" in done.stdout
    assert "Traceback" not in done.stderr


def test_offline_mode_of_the_hub_is_respected_and_named(tmp_path: Path) -> None:
    done = run_python(loading("hf-hub:org/model"), HF_HOME=os.fspath(tmp_path), HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE" in done.stdout
    assert "--encoder starter" in done.stdout


@pytest.fixture
def hub(tiny_model: Any) -> Iterator[FakeHub]:
    with serving({"org/model": tiny_model.folder}) as server:
        yield server


def test_a_model_is_downloaded_once_and_then_works_offline(hub: FakeHub, tmp_path: Path) -> None:
    settings = {"HF_HOME": os.fspath(tmp_path), "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}
    first = run_python(loading("hf-hub:org/model"), **settings)
    assert first.stdout.strip() == "(1, 32)", first.stderr
    assert hub.asked
    assert first.stderr == ""

    hub.asked.clear()
    again = run_python(
        loading("hf-hub:org/model")
        + """
from capsearch.encoders.registry import available_encoders
print([info.name for info in available_encoders() if info.installed])
""",
        **settings,
    )
    assert again.stdout.splitlines() == ["(1, 32)", "['starter', 'hf-hub:org/model']"]
    assert hub.asked == []


def test_a_model_that_the_hub_does_not_have_is_said_so(hub: FakeHub, tmp_path: Path) -> None:
    settings = {"HF_HOME": os.fspath(tmp_path), "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}
    done = run_python(loading("hf-hub:org/other"), **settings)
    assert "The hub has no model org/other." in done.stdout


def test_a_model_that_the_disk_has_no_room_for_is_not_begun(hub: FakeHub, tmp_path: Path) -> None:
    hub.claimed_size = 10**16
    settings = {"HF_HOME": os.fspath(tmp_path), "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}
    done = run_python(loading("hf-hub:org/model"), **settings)
    assert "needs 10,000,000,000 MB" in done.stdout
    assert not list(tmp_path.rglob("*.incomplete"))


def test_a_download_with_a_wrong_checksum_is_thrown_away(hub: FakeHub, tmp_path: Path) -> None:
    hub.checksum = "0" * 64
    settings = {"HF_HOME": os.fspath(tmp_path), "HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0"}
    done = run_python(loading("hf-hub:org/model"), **settings)
    assert "its checksum is wrong" in done.stdout
    assert not list(tmp_path.rglob("*.safetensors"))
