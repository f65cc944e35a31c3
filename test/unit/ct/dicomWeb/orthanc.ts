/** A real DICOMweb server for tests: Debian's Orthanc on loopback, with a folder and ports of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryFolder } from '../helpers.ts';

const PROGRAM = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const STARTS = 300;

export const hasOrthanc = existsSync(PROGRAM) && existsSync(PLUGIN);
if (!hasOrthanc) console.log('Skipped: Orthanc (Debian packages orthanc and orthanc-dicomweb) is not on this machine.');

export const LOGIN = { user: 'reader', password: 'not-a-secret' } as const;

export interface Orthanc {
  /** The root of its DICOMweb service. */
  readonly root: string;
  store(files: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startOrthanc(): Promise<Orthanc> {
  const folder = temporaryFolder();
  const port = await freePort();
  const configuration = join(folder, 'orthanc.json');
  mkdirSync(join(folder, 'storage'));
  writeFileSync(
    configuration,
    JSON.stringify({
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: true,
      RegisteredUsers: { [LOGIN.user]: LOGIN.password },
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'storage'),
      Plugins: [PLUGIN],
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  );
  const child = spawn(PROGRAM, [configuration], { stdio: 'ignore' });
  const authorization = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`;
  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let n = 0; !(await answers(`${base}/system`, authorization)); n++) {
    if (n < STARTS && child.exitCode === null) await delay(100);
    else {
      await stop();
      throw new Error('Orthanc did not start');
    }
  }
  return {
    root: `${base}/dicom-web`,
    stop,
    async store(files) {
      for (const file of files) {
        const { status } = await fetch(`${base}/instances`, {
          method: 'POST',
          headers: { authorization },
          body: readFileSync(file),
        });
        if (status !== 200) throw new Error(`Orthanc answers ${status} to an upload`);
      }
    },
  };
}

async function answers(url: string, authorization: string): Promise<boolean> {
  return fetch(url, { headers: { authorization } }).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await end;
}
