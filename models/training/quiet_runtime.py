"""The one place where Python imports ONNX Runtime: its telemetry is switched off before (see SECURITY.md)."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["ORT_RUNNING_UNIT_TESTS"] = "1"

import onnxruntime

__all__ = ["onnxruntime"]
