#!/usr/bin/env bash
# One bite of training, unattended: the phantom's drawings → pack → train → score → ONNX with manifest, for both networks.
# What is there already is not made again: a pack travels to a machine with a GPU, where there are neither drawings nor
# node, and a run that was interrupted goes on.
#
# Use: models/training/bite.sh PACK_FOLDER OUTPUT_FOLDER [DATA_FOLDER]
#   LOBE_MINUTES, TEXTURE_MINUTES  length of each training (300 and 90); 0 leaves a network out
#   LOBE_BATCH, LOBE_MEMORY        crops a step and decay of the averaged weights (1 and 0.996; a GPU: 4 and 0.998)
#   TEXTURE_BATCH, TEXTURE_MEMORY, TEXTURE_RATE  the same of the textures, and the largest rate (8, 0.996, 3e-3; a GPU: 16, 0.998)
#   LOBE_START, TEXTURE_START      weights to begin from, a run's latest.pt or a shipped model.onnx; new ones where not given
#   TOGETHER                       1 trains both at once: neither fills a GPU (0)
#   SEED, VERSION                  of the runs (20261201), and of the manifests (0.0.0)
#   MAP_BENDS, DRAWN_CHESTS, TEXTURE_CHESTS, TEXTURE_SLABS  how much is drawn (1, 64, 44 and 2)
#   PYTHON, NODE                   the interpreters (python3, node)
set -euo pipefail

pack=$(realpath -m "$1") output=$(realpath -m "$2") data=${3:+$(realpath "$3")}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3} node=${NODE:-node}
export PYTHONUNBUFFERED=1 OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
mkdir -p "$output"
cd "$here"

stage() { echo "== $(date +%T) $*"; }

stage "torch paints as the phantom does"
"$python" check_drawing.py

if [[ ! -e $pack/index.json ]]; then
  [[ -n $data ]] || { echo "$pack holds no pack: name the folder with lobes/ and chests/ to draw one from." >&2; exit 2; }
  drawings=$output/drawings
  stage "drawing chests"
  "$node" exportLobes.ts "$data" "$drawings/lobes" --bent "${MAP_BENDS:-1}" --drawn "${DRAWN_CHESTS:-64}"
  "$node" exportTextures.ts "$drawings/textures" --chests "${TEXTURE_CHESTS:-44}" --slabs "${TEXTURE_SLABS:-2}"
  "$node" exportFine.ts "$data" "$drawings/fine"
  stage "packing"
  "$python" pack.py "$drawings/lobes" "$drawings/textures" "$drawings/fine" "$pack"
  rm -r "$drawings"
fi

# train SCRIPT NAME MINUTES START OPTIONS…: goes on with an interrupted run; a finished one is left as it is.
train() {
  local script=$1 run=$output/$2 minutes=$3 start=$4
  shift 4
  stage "training $(basename "$run") for $minutes minutes"
  "$python" "$script" "$pack" "$run" --minutes "$minutes" --seed "${SEED:-20261201}" ${start:+--start "$start"} "$@"
}

lobes() {
  [[ ${LOBE_MINUTES:-300} != 0 ]] || return 0
  train lobes.py lobes "${LOBE_MINUTES:-300}" "${LOBE_START:-}" --batch "${LOBE_BATCH:-1}" --memory "${LOBE_MEMORY:-0.996}"
  stage "scoring and exporting lung-lobes"
  "$python" score_lobes.py "$pack" "$output/lobes" | tee "$output/lobes/scores.jsonl"
  "$python" export.py lobes "$output/lobes" "$output/models/lung-lobes" "${VERSION:-0.0.0}"
}

textures() {
  [[ ${TEXTURE_MINUTES:-90} != 0 ]] || return 0
  local start=${TEXTURE_START:-}
  if [[ $start == *.onnx ]]; then
    stage "a checkpoint of $start"
    [[ -e $output/restored/latest.pt ]] || "$python" restore.py "$pack" "$start" "$output/restored"
    start=$output/restored/latest.pt
  fi
  train texture.py textures "${TEXTURE_MINUTES:-90}" "$start" --batch "${TEXTURE_BATCH:-8}" --memory "${TEXTURE_MEMORY:-0.996}" --rate "${TEXTURE_RATE:-3e-3}"
  stage "calibrating and exporting lung-texture"
  "$python" calibrate.py "$pack" "$output/textures"
  "$python" export.py textures "$output/textures" "$output/models/lung-texture" "${VERSION:-0.0.0}"
}

if [[ ${TOGETHER:-0} == 1 ]]; then
  lobes &
  first=$!
  textures &
  wait $first
  wait $!
else
  lobes
  textures
fi
stage "done: $output/models. Judge them where the real CTs are: npm run evaluate -- --models $output/models"
