/** A private folder for what was fetched, named by content; it goes when the process ends, and leftovers of killed ones go with the next. */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'lungnb-dicomweb-';

let folder: Promise<string> | undefined;

/** The path of a file with these bytes, for nobody else to read. */
export async function keepDownload(bytes: Buffer): Promise<string> {
  folder ??= createFolder();
  const file = join(await folder, `${createHash('sha256').update(bytes).digest('hex')}.dcm`);
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (there) return file;
  // The same bytes may come twice at once: each writes a file of its own, and the last one in place stays.
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, bytes, { mode: 0o600 });
  await rename(unfinished, file);
  return file;
}

/** mkdtemp makes folders that only their owner may open. */
async function createFolder(): Promise<string> {
  removeLeftovers();
  const created = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  process.once('exit', () => rmSync(created, { recursive: true, force: true }));
  return created;
}

/** A kernel that is killed cannot clean up: its process id in the name says that it is gone. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
