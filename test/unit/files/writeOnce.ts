/** Writes so many bytes into a file, and says how it went. */
import { WriteError, writeAtomically } from '../../../src/files/writeAtomically.ts';

const [file, bytes] = process.argv.slice(2);
try {
  await writeAtomically(file!, 'x'.repeat(Number(bytes)));
  console.log('written');
} catch (error) {
  if (!(error instanceof WriteError)) throw error;
  console.log(error.message);
}
