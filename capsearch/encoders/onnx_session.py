"""The one way to open an ONNX network: on the processor, and reporting to nobody."""

from pathlib import Path

import onnxruntime

from capsearch.privacy import silence_onnxruntime

_ERRORS_ONLY = 3


def open_session(model: bytes | Path, threads: int = 0) -> onnxruntime.InferenceSession:
    """Open a network for the processor.

    Args:
        model: its bytes, or the file that holds them.
        threads: how many one call may use; 0 leaves it to onnxruntime.

    Raises:
        Exception: what onnxruntime raises of its own where the bytes are no network.
    """
    silence_onnxruntime(onnxruntime)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Waiting threads would keep the cores busy that the search needs next: on two cores a text
    # takes 3.5 ms longer without, and the whole answer from 100,000 photos 2 ms less.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
