"""What the libraries that CapSearch stands on would report to their makers, switched off."""

import os
from typing import Any

_SWITCHES = {
    # onnxruntime keeps a device id and usage events in the user's cache and uploads them.
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub tells what runs on this machine, hf_xet how each download went; transformers
    # and older clients know the second name.
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_TELEMETRY": "1",
    "HF_XET_TELEMETRY_ENABLED": "0",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # transformers asks the hub, unasked and in the background, to convert what it has loaded.
    "DISABLE_SAFETENSORS_CONVERSION": "1",
    # Understood by several, https://donottrack.sh
    "DO_NOT_TRACK": "1",
}


def keep_private() -> None:
    """Set what the libraries look at when they are loaded: to be called before any of them is.

    Processes that this one starts inherit it. A value that the user set is replaced: that nothing
    is reported is promised, not preferred.
    """
    os.environ.update(_SWITCHES)


def silence_onnxruntime(onnxruntime: Any) -> None:
    """Tell the loaded module once more, through its own interface: where the system has another
    way of reporting than the one that the variable stops (Windows), this stops it."""
    onnxruntime.disable_telemetry_events()
