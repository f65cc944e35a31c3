/** A large archive is looked through once: headers are kept between runs, and read anew where a file changed. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeDicomSeries } from '../../../samples/phantom/dicom.ts';
import { unattended } from '../../../src/kernel/base/task.ts';
import { type HeaderStore, piecesOf } from '../../../src/kernel/ct/files/keptHeaders.ts';
import { createListing } from '../../../src/kernel/ct/files/listing.ts';
import { createSourceReader } from '../../../src/kernel/ct/files/sources.ts';
import { axisAlignedAffine } from '../../../src/kernel/ct/geometry/volume.ts';

const SLICES = 4;
/** More than are looked through at once. */
const PIECES = 8;
let folder: string;
let files: string[];

/** Folders each of which begins a piece. */
function ownPieces(count: number): string[] {
  const names: string[] = [];
  for (let n = 0; names.length < count; n++) {
    const name = join(folder, `P${n}`);
    if (piecesOf([{ file: join(folder, 'first', 'a') }, { file: join(name, 'a') }]).length === 2) names.push(name);
  }
  return names;
}

function writeChest(to: string, slices: number): void {
  const hu = new Int16Array(8 * 8 * slices).fill(-850);
  writeDicomSeries(
    to,
    { size: [8, 8, slices], affine: axisAlignedAffine([20, 20, 9], [0, 0, 0]), hu },
    { patientId: 'SECRET-ID', manufacturer: 'bench', convolutionKernel: 'B60', sliceThicknessMm: 9 },
  );
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lungnb-headers-'));
  const template = join(folder, 'template');
  writeChest(template, SLICES);
  files = ownPieces(PIECES).flatMap((own) => {
    mkdirSync(own);
    return readdirSync(template).map((name) => {
      copyFileSync(join(template, name), join(own, name));
      return join(own, name);
    });
  });
  files.push(join(folder, 'P0 notes.txt'));
  writeFileSync(files.at(-1)!, 'no image');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** As a new process: nothing is remembered but what the store has. */
beforeEach(() => vi.resetModules());

function storeOf(kept = new Map<string, Buffer>()): HeaderStore & { readonly kept: Map<string, Buffer> } {
  return {
    kept,
    from: 2,
    bytes: (key) => Promise.resolve(kept.get(key)),
    async putBytes(key, bytes) {
      kept.set(key, Buffer.from(bytes));
    },
  };
}

/** What is found, and how many files were read for it. */
async function look(headers: HeaderStore | undefined, stopAfter = Number.POSITIVE_INFINITY) {
  vi.resetModules();
  const { scanFiles } = await import('../../../src/kernel/ct/files/scan.ts');
  const stop = new AbortController();
  const reader = createSourceReader(stop.signal);
  let reads = 0;
  const counting = {
    ...reader,
    read: (...asked: Parameters<typeof reader.read>) => {
      if (++reads > stopAfter) stop.abort(new Error('stopped'));
      return reader.read(...asked);
    },
  };
  try {
    const found = await scanFiles(
      files,
      { reader: counting, listing: createListing(), under: { root: folder }, headers },
      { ...unattended, signal: stop.signal },
    );
    return { found, reads };
  } catch (error) {
    return { error, reads };
  } finally {
    reader.close();
  }
}

describe('headers that are kept', () => {
  it('spare a later look all DICOM files, and tell it the same', async () => {
    const store = storeOf();
    const plain = await look(undefined);
    const first = await look(store);
    const second = await look(store);
    expect(plain.found!.dicom).toHaveLength(PIECES * SLICES);
    expect(first).toEqual(plain);
    expect(second.found).toEqual(plain.found);
    expect([first.reads, second.reads]).toEqual([PIECES * SLICES + 1, 1]);
  });

  it('are read anew where a file changed, with those of its piece alone', async () => {
    const store = storeOf();
    await look(store);
    // As it was, but written again.
    copyFileSync(files[1]!, `${files[0]!}.new`);
    rmSync(files[0]!);
    copyFileSync(`${files[0]!}.new`, files[0]!);
    rmSync(`${files[0]!}.new`);
    const { found, reads } = await look(store);
    expect(reads).toBe(SLICES + 1);
    expect(found!.dicom[0]!.header.sopInstanceUid).toBe(found!.dicom[1]!.header.sopInstanceUid);
    expect(found).toEqual((await look(undefined)).found);
  });

  it('are kept of what was looked through when a look was interrupted', async () => {
    const store = storeOf();
    const first = await look(store, (PIECES - 1) * SLICES);
    expect(first.error).toBeDefined();
    const kept = store.kept.size;
    expect(kept).toBeGreaterThan(0);
    const second = await look(store);
    expect(second.found).toEqual((await look(undefined)).found);
    expect(second.reads).toBe((PIECES - kept) * SLICES + 1);
  });

  it('are kept of the rows of a manifest, which have as many files together as a folder needs', async () => {
    const [FEWEST, ROWS] = [20, 3];
    const store = { ...storeOf(), from: ROWS * FEWEST };
    const rows = Array.from({ length: ROWS }, (_, n) => ({
      patient: `A${n}`,
      path: join(folder, 'rows', String(n)),
      line: n + 2,
    }));
    for (const { path } of rows) writeChest(path, FEWEST);
    const short = { patient: 'B', path: dirname(files[0]!), line: ROWS + 2 };
    const find = async (headers: HeaderStore | undefined) => {
      vi.resetModules();
      const { discoverManifest } = await import('../../../src/kernel/ct/cohort/manifest.ts');
      return discoverManifest('list.csv', [...rows, short], { headers }, unattended);
    };
    const first = await find(store);
    expect(first.patients).toHaveLength(ROWS);
    expect(store.kept.size).toBe(ROWS);
    const putBytes = vi.fn(store.putBytes);
    expect(await find({ ...store, putBytes })).toEqual(first);
    expect(putBytes).not.toHaveBeenCalled();
    expect(await find(undefined)).toEqual(first);
  });

  it('say nothing of patients to who has not the files, and nothing where they are damaged', async () => {
    const store = storeOf();
    const { found } = await look(store);
    const all = [...store.kept].flatMap(([key, bytes]) => [key, bytes.toString('latin1')]).join('\n');
    for (const { header } of found!.dicom)
      for (const text of [header.patientId!, header.seriesInstanceUid!, folder]) expect(all).not.toContain(text);
    for (const bytes of store.kept.values()) bytes[bytes.length - 1]! ^= 1;
    const again = await look(store);
    expect(again.found).toEqual(found);
    expect(again.reads).toBe(PIECES * SLICES + 1);
  });

  it('are cut between folders, and within one that is very large', () => {
    const inFolder = (name: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({ file: join('/data', name, String(n)) }));
    const sources = [...inFolder('a', 900), ...inFolder('b', 300), ...inFolder('c', 4500), ...inFolder('d', 10)];
    const pieces = piecesOf(sources);
    expect(pieces.flat()).toEqual(sources);
    expect(pieces.map(({ length }) => length)).toEqual([1200, 2000, 2000, 510]);
  });
});
