"""Where replicas are stepped: on the processor, or on a GPU where one is asked for and there.

On a GPU the last bits are others; everything else holds, and a test compares the two.
"""

from __future__ import annotations

import torch

from juchi.core.errors import UserError

__all__ = ["CPU", "require_device"]

CPU = "cpu"


def require_device(device: str) -> None:
    """Refuse a device that is asked for and not there, with a `UserError`; nothing stands in."""
    if device != CPU and not torch.cuda.is_available():
        raise UserError(
            where="config/experiments.yaml: device",
            found=f"{device!r}, but this PyTorch finds no GPU that it can use",
            expected="a machine with a GPU, and the build of PyTorch for it",
            hint=f"set device to {CPU}, or have the job run where a GPU is",
        )
