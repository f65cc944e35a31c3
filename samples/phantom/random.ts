/** The generator's randomness is the kernel's own. */
export { createRandom, type Random } from '../../src/kernel/base/random.ts';
