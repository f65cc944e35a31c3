"""Makes a checkpoint of lung-texture's shipped weights, to go on training from: python restore.py PACK_FOLDER ../lung-texture/model.onnx RUN_FOLDER

Export folds batch normalisation into the convolutions. Here it is unfolded again, with the means and variances of
training patches, so that the network computes what the ONNX file does and its statistics fit the data.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from descent import save_whole, use_device
from quiet_runtime import onnxruntime
from texture import CLASSES, SLICES, Patches, load_volumes
from unet import texture_network

BATCHES = 12


def load_folded(network: nn.Module, graph: onnx.GraphProto) -> list[torch.Tensor]:
    """Copies the convolutions' weights, in the order in which the graph runs them; the biases of those with a norm are returned."""
    values = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    nodes = [node for node in graph.node if node.op_type in ("Conv", "ConvTranspose")]
    convolutions = [network.stem, *(m for part in (network.down, network.up) for m in part.modules() if isinstance(m, nn.Conv2d)), network.head]
    biases = []
    for node, convolution in zip(nodes, convolutions, strict=True):
        weight, bias = values[node.input[1]], values[node.input[2]]
        convolution.weight.data.copy_(weight)
        if convolution.bias is None:
            biases.append(bias)
        else:
            convolution.bias.data.copy_(bias)
    return biases


def unfold(network: nn.Module, biases: list[torch.Tensor], patches: torch.Tensor) -> None:
    """Sets every norm so that it adds the bias alone, whatever the mean and the variance of its input: of `patches` here, of any batch in training."""
    norms = [m for part in (network.down, network.up) for m in part.modules() if isinstance(m, nn.BatchNorm2d)]

    def fit(norm, bias):
        def hook(_, inputs):
            mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.data.copy_((variance + norm.eps).sqrt())
            norm.bias.data.copy_(mean + bias)

        return norm.register_forward_pre_hook(hook)

    hooks = [fit(norm, bias) for norm, bias in zip(norms, biases, strict=True)]
    network(patches)
    for hook in hooks:
        hook.remove()


@torch.no_grad()
def main():
    pack, file, run = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    use_device()
    # Shorter floats on a GPU would hide an error here.
    torch.backends.cudnn.allow_tf32 = False
    network = texture_network(SLICES, len(CLASSES)).eval()
    biases = load_folded(network, onnx.load(str(file)).graph)
    training, _, fine = load_volumes(pack)
    draw = Patches(training, fine, seed=1, batch=8)
    patches = torch.cat([draw(step)[0] for step in range(BATCHES)])
    unfold(network, biases, patches)
    shipped = onnxruntime.InferenceSession(str(file)).run(None, {"ct": patches[:2].cpu().numpy()})[0]
    difference = np.abs(network(patches[:2]).softmax(1).cpu().numpy() - shipped).max()
    print("largest difference from the ONNX file", difference)
    assert difference < 1e-3
    run.mkdir(parents=True, exist_ok=True)
    manifest = json.loads((file.parent / "manifest.json").read_text())
    seen = [f"{manifest['id']} {manifest['version']} ({manifest['trainedOn']})"]
    weights = {name: tensor.cpu() for name, tensor in network.state_dict().items()}
    save_whole({"step": 0, "weights": weights, "seen": seen}, run / "latest.pt")


if __name__ == "__main__":
    main()
