import math
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from capsearch.encoders.base import image_to_input
from capsearch.encoders.curated import CURATED
from capsearch.encoders.starter import FILES, MANIFEST_FILE, StarterEncoder
from capsearch.errors import CapsearchError
from capsearch.resources import resource_path

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def starter():
    return StarterEncoder.load(threads=1)


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).integers(0, 256, (3, 260, 260, 3), dtype=np.uint8)


def test_photos_and_texts_become_unit_vectors_of_one_space(starter, pixels):
    images = starter.encode_images(pixels)
    texts = starter.encode_texts(["a dog on the beach", "tench"])
    assert images.shape == (3, starter.dim)
    assert texts.shape == (2, starter.dim)
    assert images.dtype == texts.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(images, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1.0, atol=1e-5)


def test_nothing_in_gives_nothing_out(starter):
    assert starter.encode_texts([]).shape == (0, starter.dim)
    none = np.empty((0, 260, 260, 3), dtype=np.uint8)
    assert starter.encode_images(none).shape == (0, starter.dim)


def test_the_same_input_gives_the_same_vectors_after_loading_again(starter, pixels):
    again = StarterEncoder.load(threads=1)
    assert again.identity == starter.identity
    np.testing.assert_array_equal(again.encode_images(pixels), starter.encode_images(pixels))
    np.testing.assert_array_equal(again.encode_texts(["a cat"]), starter.encode_texts(["a cat"]))


def test_a_vector_does_not_depend_on_what_is_encoded_with_it(starter, pixels):
    together = starter.encode_images(pixels)
    alone = np.concatenate([starter.encode_images(one[None]) for one in pixels])
    np.testing.assert_allclose(together, alone, atol=1e-4)
    texts = ["a dog", "two children in red coats run over the wet sand of a beach", "x"] * 30
    alone = np.concatenate([starter.encode_texts([text]) for text in texts[:3]])
    np.testing.assert_allclose(starter.encode_texts(texts), np.tile(alone, (30, 1)), atol=1e-4)


def test_empty_very_long_and_odd_texts_are_encoded(starter):
    long = "a dog runs over the sand " * 4000
    vectors = starter.encode_texts(["", " ", long, "🐕", "犬", "\x00", "naïve café"])
    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_words_past_the_limit_change_nothing(starter):
    start = "dog " * 60
    one, other = starter.encode_texts([start + "beach", start + "mountain"])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_capitals_do_not_matter(starter):
    one, other = starter.encode_texts(["A Dog", "a dog"])
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_the_files_take_at_most_60_megabytes():
    folder = resource_path("starter")
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 60 * MEGABYTE


@pytest.mark.parametrize("name", [*FILES, MANIFEST_FILE])
@pytest.mark.parametrize("harm", ["missing", "cut", "changed"])
def test_a_missing_or_damaged_file_is_one_sentence(tmp_path, name, harm):
    folder = tmp_path / "starter"
    shutil.copytree(resource_path("starter"), folder)
    path = folder / name
    if harm == "missing":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        middle = len(data) // 2
        data[middle] ^= 1
        path.write_bytes(data[:middle] if harm == "cut" else data)
    with pytest.raises(CapsearchError, match="starter"):
        StarterEncoder.load(folder)


def test_the_encoder_does_without_torch():
    code = (
        "import sys; from capsearch.encoders.starter import load_starter; "
        "load_starter().encode_texts(['a dog']); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("a dog", {"dog", "dog2", "dog5", "dog7"}),
        ("backpack", {"backpack"}),
        ("my cat", {"cat"}),
        ("teapot", {"teapot"}),
        ("sunglasses", {"pink_sunglasses"}),
    ],
)
def test_everyday_words_find_a_photo_of_it_first(shared_data, starter, query, subjects):
    photos = sorted((shared_data / "subjects").glob("*/*.jpg"))
    pixels = [_input(path, starter.input_spec) for path in photos]
    scores = starter.encode_images(np.stack(pixels)) @ starter.encode_texts([query])[0]
    assert photos[int(np.argmax(scores))].parent.name in subjects


def _input(path, spec):
    with Image.open(path) as image:
        return image_to_input(ImageOps.exif_transpose(image).convert("RGB"), spec)


def test_the_work_for_a_photo_is_what_is_counted_in_the_network():
    import onnx
    import onnxruntime

    graph = onnx.load(resource_path("starter") / "image.onnx")
    layers = [node for node in graph.graph.node if node.op_type in ("Conv", "MatMul", "Gemm")]
    shapes = {each.name: tuple(each.dims) for each in graph.graph.initializer}
    given = {each.name for each in graph.graph.input} | shapes.keys()
    named = {name for node in layers for name in (*node.input[:2], node.output[0])}
    del graph.graph.output[:]
    graph.graph.output.extend(onnx.ValueInfoProto(name=name) for name in sorted(named - given))
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    values = session.run(None, {"pixels": np.zeros((1, 260, 260, 3), dtype=np.uint8)})
    outputs = (each.name for each in session.get_outputs())
    shapes |= {name: value.shape for name, value in zip(outputs, values, strict=True)}
    additions = 0
    for node in layers:
        inputs = shapes[node.input[1]][1:] if node.op_type == "Conv" else shapes[node.input[0]][-1:]
        additions += math.prod(shapes[node.output[0]]) * math.prod(inputs)
    assert additions == 862_853_584
    (starter,) = (info for info in CURATED if info.kind == "starter")
    assert starter.image_gflops == round(2 * additions / 1e9, 1)
