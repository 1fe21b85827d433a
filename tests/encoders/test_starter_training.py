import numpy as np
import pytest

from capsearch.errors import CapsearchError
from capsearch.lab.starter.captions import CaptionSet, read_split, shared_words


def test_words_count_when_two_captions_of_a_photo_agree():
    agree = ("A dog runs", "the DOG, wet", "grass", "sand", "snow")
    alone = ("a cat", "nothing", "here", "to", "see")
    data = CaptionSet(("a.jpg", "b.jpg", "c.jpg"), (agree, alone, agree))
    assert shared_words(data, fewest=2, most_share=1.0) == {"dog": [0, 2]}


def test_a_folder_without_the_data_set_is_one_sentence(tmp_path):
    with pytest.raises(CapsearchError, match="list of photos cannot be read"):
        read_split(tmp_path, "train")


def test_a_photo_with_too_few_captions_is_one_sentence(tmp_path):
    (tmp_path / "train.txt").write_text("a.jpg\n")
    (tmp_path / "captions.csv").write_text("image,caption\na.jpg,a dog\n")
    with pytest.raises(CapsearchError, match="captions"):
        read_split(tmp_path, "train")


def test_captions_are_read_in_the_order_of_the_split(tmp_path):
    rows = [f"{name},{name} {i}" for name in ("a.jpg", "b.jpg") for i in range(5)]
    (tmp_path / "train.txt").write_text("b.jpg\na.jpg\n")
    (tmp_path / "captions.csv").write_text("image,caption\n" + "\n".join(rows) + "\n")
    data = read_split(tmp_path, "train")
    assert data.names == ("b.jpg", "a.jpg")
    assert data.captions[0][0] == "b.jpg 0"


def test_the_gate_and_the_halves_make_unit_vectors():
    torch = pytest.importorskip("torch")
    from capsearch.lab.starter.heads import DIM, ImageHead, TextHead, object_space

    torch.manual_seed(0)
    names = torch.nn.functional.normalize(torch.randn(1000, 384), dim=1)
    classes, weight, bias = object_space(names)
    images = ImageHead(classes).eval()(torch.rand(4, 1280), torch.randn(4, 1000))
    texts = TextHead(weight, bias).eval()(torch.randn(5, 384))
    for vectors, count in ((images, 4), (texts, 5)):
        assert vectors.shape == (count, DIM)
        np.testing.assert_allclose(vectors.norm(dim=1).detach(), np.ones(count), atol=1e-5)


def test_an_imitated_photo_is_led_by_its_class_more_often_than_not():
    torch = pytest.importorskip("torch")
    pytest.importorskip("timm")
    from capsearch.lab.starter.objects import imitate_photos

    torch.manual_seed(0)
    weight, bias = torch.randn(1000, 64) * 0.2, torch.zeros(1000)
    classes = np.arange(200)
    photos = imitate_photos(torch.rand(200, 64), classes, weight, bias, np.random.default_rng(0))
    found = (photos @ weight.T + bias).argmax(1).numpy()
    assert (photos >= 0).all()
    assert 0.3 < (found == classes).mean() < 1.0
