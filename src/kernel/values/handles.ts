/** Names of what was computed, made of what it was computed from: the same in the kernel and in an HTML page. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { SOFTWARE_VERSION } from '../base/software.ts';
import { MEASURING_CODE } from '../lungs/measuringCode.ts';

/** Of the version, of the code that measures, and of everything that is given; hexadecimal. */
export function hashOf(...parts: readonly unknown[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([SOFTWARE_VERSION, MEASURING_CODE, ...parts]))));
}

/**
 * Names pictures by what is in them. A handle that a notebook was saved with can so never stand for other pictures in a
 * later kernel, such as those of another patient.
 */
export function imageHandle(...parts: readonly unknown[]): string {
  return hashOf('handle', ...parts).slice(0, 24);
}

/** Names what is computed from measurements by everything that it depends on. */
export function resultKey(...parts: readonly unknown[]): string {
  return hashOf('result', ...parts);
}
