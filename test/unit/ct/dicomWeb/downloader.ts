/** Fetches a series and then waits to be ended, as a kernel does: `node downloader.ts ADDRESS`. */
import { unattended } from '../../../../src/kernel/base/task.ts';
import { fetchStudies } from '../../../../src/kernel/ct/dicomWeb/fetchStudies.ts';

const address = process.argv[2]!;
await fetchStudies(address, [], {
  ...unattended,
  progress: (_, message) => void (/: [3-9] of/.test(message) && process.send?.('fetching')),
});
process.send?.('fetched');
process.on('disconnect', () => process.exit(0));
setInterval(() => undefined, 1000);
