/** The checks of the trainings' own code, in Python: drawing alike, packing, what real chests teach, going on where a run stopped. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** A Python with torch, numpy and onnx, if `python3` is none. */
const PYTHON = process.env.LUNGNB_TRAINING_PYTHON ?? 'python3';
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch, numpy, onnx']).status === 0;

describe.skipIf(!hasTorch)('models/training', () => {
  it('passes its checks', () => {
    const { status, stderr } = spawnSync(PYTHON, ['-m', 'unittest', 'discover', '-s', 'models/training'], {
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
  }, 600_000);
});
