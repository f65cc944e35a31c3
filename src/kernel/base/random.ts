/** Seeded randomness: what a saved notebook keeps is drawn by lot too, so that it lives in the protocol. */
export { createRandom, type Random } from '../../protocol/random.ts';
