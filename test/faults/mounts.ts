/** Disks of a few kilobytes in memory, which only root can make. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mounted = new Set<string>();
process.once('exit', () => {
  for (const folder of mounted) unmount(folder);
});

/** Why no disk can be made here; undefined where it can. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can make a disk in memory';
  const folder = mkdtempSync(join(tmpdir(), 'lungnb-mount-'));
  try {
    mountDisk(folder, 64);
    unmount(folder);
    return undefined;
  } catch {
    return 'this computer lets nobody mount a disk in memory';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function mountDisk(folder: string, kilobytes: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', folder], { stdio: 'pipe' });
  mounted.add(folder);
}

export function makeReadOnly(folder: string): void {
  execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' });
}

/** Nothing where it is unmounted already. */
export function unmount(folder: string): void {
  if (mounted.delete(folder)) execFileSync('umount', [folder], { stdio: 'pipe' });
}

export const FILLER = 'filler';

/** Fills the disk up to so many bytes, by a file called `FILLER`; what is freed is whole pages. */
export function fillUpTo(folder: string, freeBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, FILLER), Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
}

export function makeRoom(folder: string): void {
  rmSync(join(folder, FILLER));
}
