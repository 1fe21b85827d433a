"""Which pictures show a screen: phones and tools say it in a comment, as software, or by name."""

import re
from collections.abc import Iterable

from capsearch.text import folded

# How systems in the commonest languages name such a file, and the folder that they put it in.
_NAMES = (
    "screenshot", "screen shot", "screencap", "bildschirmfoto", "bildschirmaufnahme",
    "capture d ecran", "captures d ecran", "captura de pantalla", "capturas de pantalla",
    "captura de ecra", "capturas de ecra", "captura de tela", "capturas de tela", "schermata",
    "schermate", "schermafbeelding", "schermopname", "skarmavbild", "skarmbild", "skjermbilde",
    "skaermbillede", "nayttokuva", "zrzut ekranu", "zrzuty ekranu", "ekran goruntusu",
    "снимок экрана", "скриншот", "スクリーンショット", "截屏", "截图", "屏幕截图", "스크린샷",
)  # fmt: skip
_BEGINS = tuple(folded(name) for name in _NAMES)
_PARTED = re.compile(r"[\W_]+")
_TOOLS = re.compile(
    r"screen ?(shot|capture)|greenshot|flameshot|spectacle|ksnip|snagit|lightshot|sharex"
    r"|snipping tool|scrot|maim"
)


def is_screenshot_name(name: str, folder: str) -> bool:
    """Whether a file of this name, or the folder that it lies in, is named as systems do."""
    return any(_PARTED.sub(" ", folded(each)).startswith(_BEGINS) for each in (name, folder))


def says_screenshot(comments: Iterable[str], software: Iterable[str]) -> bool:
    """Whether a comment or the software that made the picture says so."""
    return any(folded(text) == "screenshot" for text in comments) or any(
        _TOOLS.search(folded(text)) for text in software
    )
