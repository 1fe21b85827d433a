"""What an open_clip encoder promises, shown on a real one with one layer."""

import json
import os
import pickle
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from capsearch import resources
from capsearch.addon.lock import LOCK_FILE
from capsearch.encoders.base import image_to_input
from capsearch.encoders.openclip import read_preprocessing
from capsearch.encoders.registry import available_encoders, load_encoder
from capsearch.errors import CapsearchError


def photos(count: int, size: int = 32, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def load_error(name: str, device: str = "cpu") -> CapsearchError:
    with pytest.raises(CapsearchError) as caught:
        load_encoder(name, device)
    assert caught.value.next_step
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.fixture(scope="module")
def encoder(tiny_model: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAPSEARCH_HOME", os.fspath(tmp_path_factory.mktemp("home")))
        return load_encoder(f"local-dir:{tiny_model.folder}", "cpu")


def test_photos_and_texts_become_float32_unit_rows(encoder: Any) -> None:
    for vectors in (encoder.encode_images(photos(5)), encoder.encode_texts(["a dog", "sea"] * 2)):
        assert vectors.dtype == np.float32
        assert vectors.shape[1] == encoder.dim == 32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_photos_and_no_texts_give_no_rows(encoder: Any) -> None:
    assert encoder.encode_images(photos(0)).shape == (0, 32)
    assert encoder.encode_texts([]).shape == (0, 32)


def test_empty_long_and_foreign_texts_are_encoded(encoder: Any) -> None:
    vectors = encoder.encode_texts(["", " ", "a very long walk " * 1000, "Ein Hund am Strand 🐕"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_batch(encoder: Any) -> None:
    many = photos(encoder.batch_size + 3)
    together = encoder.encode_images(many)
    alone = np.concatenate([encoder.encode_images(photo[None]) for photo in many])
    # bfloat16 products may be summed in another order; the vectors stay the same to the eye.
    assert np.min(np.sum(together * alone, axis=1)) > 0.9995


def test_reduced_precision_stays_close_to_float32(tiny_model: Any, encoder: Any) -> None:
    import open_clip
    import torch

    model = open_clip.create_model(tiny_model.architecture, pretrained=str(tiny_model.safetensors))
    model.eval()
    inputs = torch.from_numpy(photos(16)).permute(0, 3, 1, 2).float() / 255
    mean, std = (torch.tensor(model.visual.preprocess_cfg[key]) for key in ("mean", "std"))
    with torch.inference_mode():
        inputs = (inputs - mean.view(3, 1, 1)) / std.view(3, 1, 1)
        exact = model.encode_image(inputs, normalize=True).numpy()
    assert np.min(np.sum(exact * encoder.encode_images(photos(16)), axis=1)) > 0.999


@pytest.mark.parametrize("size", [(96, 64), (64, 97), (333, 47), (32, 32), (20, 31)])
@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
@pytest.mark.parametrize("resize_mode", ["shortest", "squash", "longest"])
def test_preprocessing_equals_open_clips_own(
    resize_mode: str, interpolation: str, size: tuple[int, int]
) -> None:
    from open_clip.transform import PreprocessCfg, image_transform_v2

    from capsearch.encoders.openclip import read_preprocessing

    config = {
        "size": (32, 32),
        "mean": (0.5, 0.4, 0.3),
        "std": (0.2, 0.3, 0.4),
        "interpolation": interpolation,
        "resize_mode": resize_mode,
        "fill_color": 7,
    }
    noise = np.random.default_rng(1).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    photo = Image.fromarray(noise)
    expected = image_transform_v2(PreprocessCfg(**config), is_train=False)(photo).numpy()

    ours = read_preprocessing(config, "tiny")
    pixels = image_to_input(photo, ours.spec).astype(np.float32) / 255
    np.testing.assert_allclose(
        ((pixels - ours.mean) / ours.std).transpose(2, 0, 1), expected, atol=1e-5
    )


def test_a_model_for_photos_that_are_not_square_is_refused() -> None:
    from capsearch.encoders.openclip import read_preprocessing

    with pytest.raises(CapsearchError, match="not square"):
        read_preprocessing({"size": (32, 64), "mean": 0.5, "std": 0.5}, "wide")


def test_the_same_weights_are_one_encoder_whatever_form_they_come_in(
    tiny_model: Any, encoder: Any
) -> None:
    for file in (tiny_model.safetensors, tiny_model.pt, tiny_model.training_checkpoint):
        same = load_encoder(f"{tiny_model.architecture}@{file}", "cpu")
        assert same.identity == encoder.identity
        np.testing.assert_array_equal(
            same.encode_images(photos(2)), encoder.encode_images(photos(2))
        )


def test_other_weights_or_preprocessing_are_another_encoder(
    tiny_model: Any, encoder: Any, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(tiny_model.safetensors)
    weights["visual.conv1.weight"][0, 0, 0, 0] += 1e-3
    save_file(weights, tmp_path / "other.safetensors")
    other = load_encoder(f"{tiny_model.architecture}@{tmp_path / 'other.safetensors'}", "cpu")
    assert other.identity != encoder.identity

    folder = shutil.copytree(tiny_model.folder, tmp_path / "squashed")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["preprocess_cfg"] = {"resize_mode": "squash"}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    squashed = load_encoder(f"local-dir:{folder}", "cpu")
    assert squashed.input_spec.fit == "squash"
    assert squashed.identity != encoder.identity


def test_a_changed_file_of_the_same_name_is_noticed(tiny_model: Any, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = tmp_path / "mine.safetensors"
    shutil.copy(tiny_model.safetensors, path)
    name = f"{tiny_model.architecture}@{path}"
    before = load_encoder(name, "cpu").identity
    weights = load_file(path)
    weights["ln_final.bias"] += 1
    save_file(weights, path)
    os.utime(path, ns=(1, 1))
    assert load_encoder(name, "cpu").identity != before


def test_the_name_loads_the_same_encoder_again_from_another_folder(
    tiny_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_model.folder.parent)
    relative = load_encoder(f"local-dir:{tiny_model.folder.name}", "cpu")
    monkeypatch.chdir(tmp_path)
    assert load_encoder(relative.name, "cpu").identity == relative.identity


class Trap:
    """Unpickling it leaves a file behind: what a malicious checkpoint would do."""

    def __init__(self, sprung: Path) -> None:
        self.sprung = sprung

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (os.fspath(self.sprung),)


@pytest.mark.parametrize("form", ["torch", "pickle"])
def test_a_checkpoint_that_would_run_code_is_refused_and_does_not_run(
    tiny_model: Any, tmp_path: Path, form: str
) -> None:
    import torch

    sprung, path = tmp_path / "sprung", tmp_path / "trap.pt"
    if form == "torch":
        torch.save({"state_dict": Trap(sprung)}, path)
    else:
        path.write_bytes(pickle.dumps(Trap(sprung)))
    error = load_error(f"{tiny_model.architecture}@{path}")
    assert not sprung.exists()
    assert "refused" in error.message
    assert ".safetensors" in error.next_step


@pytest.mark.parametrize("form", ["safetensors", "pt"])
@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.99])
def test_a_truncated_checkpoint_is_called_damaged(
    tiny_model: Any, tmp_path: Path, form: str, kept: float
) -> None:
    content = getattr(tiny_model, form).read_bytes()
    path = tmp_path / f"cut.{form}"
    path.write_bytes(content[: int(len(content) * kept)])
    error = load_error(f"{tiny_model.architecture}@{path}")
    assert ("is empty" if kept == 0 else "damaged") in error.message


def test_a_file_that_is_no_checkpoint_is_told_apart(tiny_model: Any, tmp_path: Path) -> None:
    import torch

    (tmp_path / "note.pt").write_text("not a model")
    assert "damaged" in load_error(f"{tiny_model.architecture}@{tmp_path / 'note.pt'}").message
    (tmp_path / "cat.jpg").write_bytes(b"\xff\xd8")
    assert "reads" in load_error(f"{tiny_model.architecture}@{tmp_path / 'cat.jpg'}").next_step
    torch.save({"epoch": 3}, tmp_path / "empty.pt")
    assert "no model" in load_error(f"{tiny_model.architecture}@{tmp_path / 'empty.pt'}").message


def test_weights_of_another_architecture_do_not_fit(tiny_model: Any, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(tiny_model.safetensors)
    weights["visual.conv1.weight"] = weights["visual.conv1.weight"][:16].clone()
    save_file(weights, tmp_path / "narrow.safetensors")
    name = f"{tiny_model.architecture}@{tmp_path / 'narrow.safetensors'}"
    assert "do not fit" in load_error(name).message
    del weights["visual.conv1.weight"]
    save_file(weights, tmp_path / "narrow.safetensors")
    assert "do not fit" in load_error(name).message


def test_a_folder_that_is_no_model_says_what_it_lacks(tiny_model: Any, tmp_path: Path) -> None:
    name = f"local-dir:{tmp_path}"
    assert "open_clip_config.json" in load_error(name).message
    config = tmp_path / "open_clip_config.json"
    config.write_text("{")
    assert "cannot be read" in load_error(name).message
    config.write_text('{"model_cfg": {}}')
    assert "does not describe" in load_error(name).message
    shutil.copy(tiny_model.folder / config.name, config)
    assert "no weights" in load_error(name).message
    for copy in ("a.safetensors", "b.safetensors"):
        shutil.copy(tiny_model.safetensors, tmp_path / copy)
    assert "several" in load_error(name).message
    (tmp_path / "b.safetensors").unlink()
    load_encoder(name, "cpu")


def test_a_configuration_that_asks_for_remote_code_is_refused(
    tiny_model: Any, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_model.folder, tmp_path / "remote")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["model_cfg"]["text_cfg"]["tokenizer_kwargs"] = {"trust_remote_code": True}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    assert "refused" in load_error(f"local-dir:{folder}").message


def test_a_configuration_that_open_clip_does_not_understand_is_explained(
    tiny_model: Any, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_model.folder, tmp_path / "odd")
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["model_cfg"]["from_the_future"] = 1
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    assert "cannot be used" in load_error(f"local-dir:{folder}").message


def folder_with_own_tokenizer(tiny_model: Any, folder: Path) -> Path:
    shutil.copytree(tiny_model.folder, folder)
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "org/tokenizer"
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    return folder


def test_a_model_with_its_own_tokenizer_reads_it_from_its_folder(
    tiny_model: Any, tmp_path: Path
) -> None:
    pytest.importorskip("transformers", reason="only models with their own tokenizer need it")
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder = folder_with_own_tokenizer(tiny_model, tmp_path / "multilingual")
    assert "tokenizer" in load_error(f"local-dir:{folder}").message

    words = {"[PAD]": 0, "[UNK]": 1, "dog": 2, "Hund": 3}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(os.fspath(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]"})
    )
    dog, hund, long = load_encoder(f"local-dir:{folder}", "cpu").encode_texts(
        ["dog", "Hund", "dog " * 500]
    )
    assert not np.allclose(dog, hund)
    assert np.isfinite(long).all()


def test_without_transformers_the_user_is_told_to_install_it(
    tiny_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_with_own_tokenizer(tiny_model, tmp_path / "multilingual")
    monkeypatch.setitem(sys.modules, "transformers", None)
    assert "pip install transformers" in load_error(f"local-dir:{folder}").next_step


def test_an_installed_app_has_nobody_use_pip(
    tiny_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "app"
    (app / "resources").mkdir(parents=True)
    (app / "resources" / LOCK_FILE).touch()  # what an app is known by
    monkeypatch.setattr(resources, "__file__", os.fspath(app / "capsearch" / "resources.py"))
    folder = folder_with_own_tokenizer(tiny_model, tmp_path / "multilingual")
    monkeypatch.setitem(sys.modules, "transformers", None)
    said = load_error(f"local-dir:{folder}").next_step
    assert "`capsearch models engine install`" in said
    with pytest.raises(CapsearchError) as caught:
        read_preprocessing({"resize_mode": "of tomorrow"}, "a model")
    said += caught.value.next_step
    said += " ".join(info.note for info in available_encoders())
    assert "pip install" not in said
    assert "transformers" not in said


def test_loading_works_where_nothing_can_be_written(
    tiny_model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CAPSEARCH_HOME", os.fspath(tmp_path / "file" / "home"))
    assert load_encoder(f"local-dir:{tiny_model.folder}", "cpu").dim == 32


def test_memory_that_runs_out_halves_the_batch_and_loses_nothing(
    tiny_model: Any, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    small: Any = load_encoder(f"local-dir:{tiny_model.folder}", "cpu")
    model = small._model  # the model itself is made to run out of memory, as a card would
    encode = model.encode_image

    def encode_up_to_three(inputs: Any) -> Any:
        if len(inputs) > 3:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return encode(inputs)

    monkeypatch.setattr(model, "encode_image", encode_up_to_three)
    np.testing.assert_allclose(
        small.encode_images(photos(11)), encoder.encode_images(photos(11)), atol=0.02
    )
    assert small.batch_size <= 3
