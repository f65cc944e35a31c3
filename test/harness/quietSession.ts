/**
 * `node quietSession.ts NOTEBOOK CACHE REQUESTS`: opens a notebook in VS Code, runs all its cells, and writes to the file
 * REQUESTS what its page and the frames in it asked for. A program of its own, so that it can be recorded as a whole.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { allCellsEnded, openWorkbench, outputFrame, runAll } from './workbench.ts';

/** ONNX Runtime's uploader would wake up 9 s after the first session was made. */
const UPLOADER_AWAKE_MS = 12_000;

const [notebook = '', cacheFolder = '', requestsFile = ''] = process.argv.slice(2);
const requests: { frame: string; url: string }[] = [];
const workbench = await openWorkbench({
  workspaceFolder: dirname(notebook),
  notebook,
  cacheFolder,
  size: { width: 1280, height: 3000 },
  onPage: async (page) => {
    page.on('request', (request) => {
      // Requests of service workers have no frame.
      const frame = request.serviceWorker() ? 'service worker' : request.frame().url();
      requests.push({ frame, url: request.url() });
    });
  },
});
try {
  await runAll(workbench.page);
  await allCellsEnded(workbench.page, 240_000);
  const frame = await outputFrame(workbench.page);
  await frame.getByTestId('slice-viewer').first().waitFor({ timeout: 30_000 });
  await frame.getByTestId('figure').first().waitFor({ timeout: 30_000 });
  await workbench.page.waitForTimeout(UPLOADER_AWAKE_MS);
} finally {
  writeFileSync(requestsFile, JSON.stringify(requests));
  await workbench.close();
}
