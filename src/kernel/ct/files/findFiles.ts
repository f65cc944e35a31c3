/** The files that a path or an address in a notebook stands for. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DicomWebServer } from '../../../protocol/kernelApi.ts';
import type { Remark } from '../../../protocol/remark.ts';
import { isInterrupted } from '../../base/interruptible.ts';
import type { Task } from '../../base/task.ts';
import { filesInDicomdir, isDicomDirectory, type ListedFile, listedBelow } from '../dicom/dicomDirectory.ts';
import { isWebAddress } from '../dicomWeb/address.ts';
import { fetchStudies } from '../dicomWeb/fetchStudies.ts';
import { type FileList, listFiles } from './listFiles.ts';
import type { SourceReader } from './sources.ts';

/** Enough of a file to tell a DICOMDIR. */
const START_BYTES = 1024;

export interface FoundList extends FileList {
  /** The folder or file that they are told from: a disc’s own folder for its DICOMDIR. */
  readonly root: string;
  readonly problems: readonly Remark[];
}

export interface FindOptions {
  readonly reader: SourceReader;
  readonly servers?: readonly DicomWebServer[];
  /** What messages call the path. */
  readonly named?: string;
}

/** A DICOMDIR stands for the files of its folder that it lists; an address for what is fetched from there. */
export async function findFiles(
  path: string,
  { servers = [], reader, named }: FindOptions,
  task: Task,
): Promise<FoundList> {
  if (isWebAddress(path)) return { ...(await fetchStudies(path, servers, task)), root: path, unreadable: [] };
  const list = await listFiles(path, task, named);
  const isFile = list.files.length === 1 && list.files[0] === path;
  if (!isFile || !isDicomDirectory(await reader.read({ file: path }, START_BYTES)))
    return { ...list, root: path, problems: [] };
  const listed = await listedIn(path, reader);
  const below = await listFiles(dirname(path), task);
  const all = { ...below, root: dirname(path), problems: [] };
  // That it is damaged is said when it is looked at.
  if (!listed) return all;
  const { used } = listedBelow(dirname(path), listed, below.files);
  if (used.length > 0) return { ...all, files: [path, ...used] };
  // Files that lie elsewhere than it says are told by their UIDs, once they have been looked at.
  return (await listedAbove(path, listed, task)) ?? all;
}

/** Undefined where it is damaged. */
async function listedIn(path: string, reader: SourceReader): Promise<ListedFile[] | undefined> {
  const bytes = await reader.read({ file: path });
  try {
    return filesInDicomdir(bytes);
  } catch (error) {
    if (isInterrupted(error)) throw error;
    return undefined;
  }
}

/** How many folders above its own a DICOMDIR in a sub-folder may start its paths. */
const FOLDERS_ABOVE = 3;

/** What is listed by a DICOMDIR that lies in a sub-folder of its disc; of the folders above nothing else is looked at. */
async function listedAbove(path: string, listed: readonly ListedFile[], task: Task): Promise<FoundList | undefined> {
  const firsts = [...new Set(listed.map(({ parts }) => parts[0]!))];
  let folder = dirname(path);
  for (let n = 0; n < FOLDERS_ABOVE; n++) {
    folder = dirname(folder);
    const places = firsts.map((first) => join(folder, first));
    const there = await Promise.all(places.map((place) => stat(place).catch(() => undefined)));
    if (!there.some(Boolean)) continue;
    const lists = [];
    for (const [at, place] of places.entries()) if (there[at]) lists.push(await listFiles(place, task));
    const { used } = listedBelow(
      folder,
      listed,
      lists.flatMap(({ files }) => files),
    );
    if (used.length > 0)
      return {
        root: folder,
        files: [path, ...used],
        unreadable: lists.flatMap(({ unreadable }) => unreadable),
        problems: [],
      };
  }
  return undefined;
}
