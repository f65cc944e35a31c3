import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { framesOf, kindOfBug, reasonOf, systemCodeOf } from '../../../src/kernel/base/plainErrors.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the reason of an error', () => {
  it('of the system is said in words, without the path', () => {
    const missing = thrownBy(() => readFileSync('/home/anna doe/scans/Doe_Jane'));
    expect([systemCodeOf(missing), reasonOf(missing)]).toEqual(['ENOENT', 'it is not there']);
    const folder = mkdtempSync(join(tmpdir(), 'lungnb-'));
    writeFileSync(join(folder, 'Doe'), '');
    expect(reasonOf(thrownBy(() => readdirSync(join(folder, 'Doe'))))).toBe('a file is where a folder should be');
    expect(reasonOf(thrownBy(() => readFileSync(folder)))).toBe('a folder of that name is there');
    rmSync(folder, { recursive: true });
    const strange = Object.assign(new Error('ESTRANGE: x /home/doe'), { code: 'ESTRANGE', syscall: 'open' });
    expect(reasonOf(strange)).toBe('the system says ESTRANGE');
  });

  it.each([
    ["cannot open '/home/anna doe/x.onnx' for reading", 'cannot open a file for reading'],
    ['Load model from /home/anna doe/x.onnx failed: bad', 'Load model from …'],
    ['Load C:\\Users\\Anna Doe\\x.onnx failed\nsecond line', 'Load …\nsecond line'],
    ['see file:///home/anna/x', 'see …'],
    ['on \\\\server\\share\\doe', 'on …'],
    ['in ~/doe/x', 'in …'],
    ['path:/home/doe', 'path:…'],
    ['3 / 4 and 1/2, and/or https://example.org/x', '3 / 4 and 1/2, and/or https://example.org/x'],
    ['incorrect header check', 'incorrect header check'],
    ['Expected 5 bytes.', 'Expected 5 bytes'],
    ['', 'it is damaged'],
  ])('of a library has no absolute path: %s', (message, reason) => {
    expect(reasonOf(new Error(message))).toBe(reason);
  });

  it.each(['{"patient": Doe}', '[1, 2', 'Doe', '"Doe\n"', ''])('of JSON has nothing of the text: %j', (text) => {
    const reason = reasonOf(thrownBy(() => JSON.parse(text)));
    expect(reason).toMatch(/^it (is no JSON|ends too early)/);
    expect(reason).not.toContain('Doe');
  });
});

describe('a bug', () => {
  it('is told by its kind and the functions that led to it, without folders', () => {
    function culprit(): never {
      throw new RangeError('/home/doe');
    }
    const error = thrownBy(culprit);
    expect(kindOfBug(error)).toBe('RangeError');
    expect(framesOf(error)).toMatch(/^at culprit \(plainErrors\.test\.ts:\d+:\d+\)\n/);
    expect(framesOf(error)).not.toMatch(/[/\\]/);
    expect([kindOfBug('Doe'), framesOf('Doe')]).toEqual(['no Error', '']);
    const named = Object.assign(new Error('x'), { name: 'Jane Doe' });
    expect(kindOfBug(named)).toBe('no Error');
  });
});
