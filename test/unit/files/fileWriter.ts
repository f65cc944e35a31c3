/** Writes one file anew and anew, as all of one letter or another, until it is killed. Arguments: the file, its bytes. */
import { writeAtomically } from '../../../src/files/writeAtomically.ts';

const [file, bytes] = process.argv.slice(2);
process.send?.('writing');
for (let n = 0; ; n++) await writeAtomically(file!, 'ab'[n % 2]!.repeat(Number(bytes)));
