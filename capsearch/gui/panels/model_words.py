"""Models in words for people: plain names, classes, and what went wrong with a download."""

from PySide6.QtCore import QCoreApplication

from capsearch.errors import CapsearchError
from capsearch.gui.look.dates import duration_text, size_text
from capsearch.library.values import EncoderInfo
from capsearch.transfer import DownloadProgress


def model_title(name: str) -> str:
    """A plain name; the technical one where nobody gave it another."""
    translate = QCoreApplication.translate
    titles = {
        "starter": translate("models", "Starter"),
        "ViT-B-32/datacomp_xl_s13b_b90k": translate("models", "CLIP, quick"),
        "ViT-B-32-256/datacomp_s34b_b86k": translate("models", "CLIP, balanced"),
        "ViT-B-16/datacomp_xl_s13b_b90k": translate("models", "CLIP, finer"),
        "ViT-B-16-SigLIP/webli": "SigLIP",
        "ViT-B-16-SigLIP2/webli": translate("models", "SigLIP 2, many languages"),
        "ViT-L-14/datacomp_xl_s13b_b90k": translate("models", "CLIP, large"),
        "MobileCLIP-S2/datacompdr": "MobileCLIP",
    }
    return titles.get(name, name)


def model_note(info: EncoderInfo) -> str:
    """What it is good for, and the languages it understands."""
    translate = QCoreApplication.translate
    notes = {
        "starter": translate("models", "Knows everyday scenes and things. English."),
        "ViT-B-32/datacomp_xl_s13b_b90k": translate("models", "The quickest full CLIP. English."),
        "ViT-B-32-256/datacomp_s34b_b86k": translate(
            "models", "Nearly as quick and better: the first to try. English."
        ),
        "ViT-B-16/datacomp_xl_s13b_b90k": translate(
            "models", "Finer details, a third of the speed. English."
        ),
        "ViT-B-16-SigLIP/webli": translate("models", "The best of its size. English."),
        "ViT-B-16-SigLIP2/webli": translate("models", "Understands more than 100 languages."),
        "ViT-L-14/datacomp_xl_s13b_b90k": translate("models", "For a graphics card. English."),
        "MobileCLIP-S2/datacompdr": translate("models", "Small and good. English."),
    }
    if info.name in notes:
        return notes[info.name]
    if info.kind == "imported":
        return translate("models", "Imported from a file of yours.")
    if info.kind == "own":
        return translate("models", "A file of yours, or a name that you gave.")
    return translate("models", "Found among the models of this computer.")


def model_facts(info: EncoderInfo) -> str:
    """Quality, speed, licence and technical name, as far as they are known."""
    translate = QCoreApplication.translate
    quality = {
        "fair": translate("models", "Quality: fair"),
        "good": translate("models", "Quality: good"),
        "high": translate("models", "Quality: high"),
    }
    speed = {
        "fast": translate("models", "Speed: fast"),
        "medium": translate("models", "Speed: medium"),
        "slow": translate("models", "Speed: slow"),
    }
    parts = (
        quality[info.quality] if info.quality else "",
        speed[info.speed] if info.speed else "",
        translate("models", "Licence: {licence}").format(licence=info.licence)
        if info.licence
        else "",
    )
    classes = " · ".join(part for part in parts if part)
    name = info.name if model_title(info.name) != info.name else ""
    # On a line of its own: it is too long to be broken anywhere.
    return "\n".join(line for line in (classes, name) if line)


def progress_words(progress: DownloadProgress | None, *, engine: bool) -> str:
    """How far a download is, how fast it comes, and how long it will take."""
    translate = QCoreApplication.translate
    if progress is None:
        return translate("models", "Asking for it…")
    words = (
        translate("models", "First PyTorch: {done} of {total}")
        if engine
        else translate("models", "{done} of {total}")
    )
    parts = [
        words.format(done=size_text(progress.done_bytes), total=size_text(progress.total_bytes))
    ]
    left = progress.seconds_left
    if left is not None:
        rate = size_text(round(progress.bytes_per_second))
        parts.append(translate("models", "{rate} a second").format(rate=rate))
        parts.append(translate("models", "{time} left").format(time=duration_text(left)))
    return " · ".join(parts)


def import_words(file: str, progress: DownloadProgress | None) -> str:
    """How far the import of a file is: it is copied, then loaded once."""
    translate = QCoreApplication.translate
    if progress is None:
        return translate("models", "Importing {file}…").format(file=file)
    if progress.done_bytes >= progress.total_bytes:
        return translate("models", "{file} is copied and is tried out now…").format(file=file)
    words = translate("models", "Importing {file}: {progress}")
    return words.format(file=file, progress=progress_words(progress, engine=False))


def fault_words(error: CapsearchError) -> str:
    """What went wrong, in one sentence, and what to do."""
    translate = QCoreApplication.translate
    words = {
        "offline": translate(
            "models", "There is no connection. What has arrived is kept: go on when you are online."
        ),
        "room": translate(
            "models", "There is not enough room on the disk. Free some space, then go on."
        ),
        "changed": translate(
            "models",
            "What arrives is not what was announced, and is not used. Try again, from another "
            "network if it happens twice.",
        ),
        "refused": translate(
            "models", "The server does not give this model now. Try later, or choose another."
        ),
        "busy": translate(
            "models", "Another CapSearch is downloading it. Wait until that has finished."
        ),
    }
    return words.get(error.fault, str(error))
