/**
 * `npm start`: builds, draws the sample cohort, starts VS Code on loopback and opens samples/quickstart.lungnb in it.
 * `npm start -- --headless` runs the notebook through the command line instead; `--port N` chooses the port.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mustRunNode, runNode } from './lib/processes.ts';
import { CLI, MEASUREMENT_CACHE, PROJECT, QUICKSTART, SAMPLES } from './lib/project.ts';
import { installServer, startServer } from './lib/vscodeServer.ts';

const { values } = parseArgs({ options: { headless: { type: 'boolean' }, port: { type: 'string' } } });
const DEFAULT_PORT = 3017;

console.log('Building …');
await mustRunNode(['scripts/build.ts']);
await mustRunNode(['samples/phantom/buildCohort.ts']);
if (values.headless) process.exitCode = await runNode([CLI, 'run', QUICKSTART, '--cache', MEASUREMENT_CACHE]);
else await serve();

async function serve(): Promise<void> {
  await installServer();
  const server = await startServer({
    dataFolder: join(PROJECT, '.vscode-server', 'data'),
    workspaceFolder: SAMPLES,
    port: Number(values.port ?? DEFAULT_PORT),
    extensions: [PROJECT],
    openNotebook: QUICKSTART,
    settings: { 'lungnb.cacheFolder': MEASUREMENT_CACHE },
  });
  console.log(`\nLungNB is ready. Open this address in a browser, then choose Run All:\n\n    ${server.url}\n`);
  console.log('It is served to this computer only. Press Ctrl+C to stop.');
  openInBrowser(server.url);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop());
  await server.ended;
}

/** Opens the default browser where there is a screen; the printed address serves everyone else. */
function openInBrowser(url: string): void {
  const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasScreen || process.env.CI) return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const browser = spawn(command as string, args, { stdio: 'ignore', detached: true });
  // No browser can be started: the address is on the screen.
  browser.on('error', () =>
    console.log('Your browser could not be started from here; please open the address yourself.'),
  );
  browser.unref();
}
