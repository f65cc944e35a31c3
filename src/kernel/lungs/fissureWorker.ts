/** The thread that looks for the fissures: told of one pair of lungs, it answers with what it walked. */
import { parentPort } from 'node:worker_threads';
import { type WalkedLungs, walkFissures } from './walkFissures.ts';

parentPort!.once('message', (lungs: WalkedLungs) => parentPort!.postMessage(walkFissures(lungs)));
