import { expect, it } from 'vitest';
import { bugMessage, plainCause, userErrorOf } from '../../../src/kernel/base/plainCause.ts';
import { UserError } from '../../../src/kernel/base/userError.ts';

const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
const withCode = (code: string) => Object.assign(new Error(`${code}: /home/patient name/1.dcm`), { code });

it.each([
  ['too long an array', thrown(() => new Float32Array(2 ** 60))],
  ['an array larger than memory', thrown(() => new ArrayBuffer(2 ** 52))],
  ['too long a text', thrown(() => 'x'.repeat(2 ** 31))],
  ['a full computer', withCode('ENOMEM')],
  ['a thread at its limit', withCode('ERR_WORKER_OUT_OF_MEMORY')],
  ['ONNX Runtime', new Error('bfc_arena.cc: Failed to allocate memory for requested buffer of size 4000')],
])('too little memory is told as that: %s', (_, error) => expect(plainCause(error)?.code).toBe('memory'));

it.each(['ENOSPC', 'EACCES', 'EMFILE', 'EROFS', 'EIO', 'ENOENT', 'EISDIR', 'EPERM', 'ESTALE'])(
  '%s has words, and names no file',
  (code) => {
    const { message } = plainCause(withCode(code))!;
    expect(message).toMatch(new RegExp(`\\. \\(${code}\\)$`));
    expect(message).not.toContain('patient name');
  },
);

it('an endless descent is told as nesting', () => {
  const descend = (): unknown => [descend()];
  expect(plainCause(thrown(descend))?.code).toBe('too-deep');
});

it('an error for users stays, and all else is a bug', () => {
  const known = new UserError('no-lung', 'y');
  expect(plainCause(known)).toBe(known);
  expect(plainCause(new TypeError('x is undefined'))).toBeUndefined();
  expect(plainCause(withCode('constructor'))).toBeUndefined();
  expect(userErrorOf(new TypeError('x'))).toMatchObject({ code: 'internal', message: bugMessage(new TypeError('x')) });
  expect(bugMessage('thrown text')).not.toContain('thrown text');
});
