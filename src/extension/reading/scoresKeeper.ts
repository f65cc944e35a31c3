/**
 * Keeps a reader's answers in their file: each change at once and in one step, whatever ends in between. A file that
 * somebody else has changed meanwhile is left alone, and what is answered from then on goes into one beside it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { orMissing, systemErrorOf } from '../../files/systemError.ts';
import { WriteError, writeAtomically } from '../../files/writeAtomically.ts';
import { type ReadingSession, SCORES_ENDING, type ScoresFile } from '../../protocol/reading/scores.ts';
import { formatScores, parseScores, ScoresFileError } from '../../protocol/reading/scoresFile.ts';

export interface KeeperEvents {
  /** Everything up to this change is in the file. */
  readonly saved: (change: number) => void;
  /** The latest changes are in memory alone: why, and what to do. */
  readonly unsaved: (text: string) => void;
}

/** A file could not be written: it is tried again after this time, and with the next answer. */
const AGAIN_MS = 5000;

export class ScoresKeeper {
  readonly #events: KeeperEvents;
  #path: string;
  #file: ScoresFile;
  /** Of what is known to be at the path; undefined for no file. */
  #onDisk: string | undefined;
  #change = 0;
  #written = 0;
  #writing: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;

  private constructor(path: string, file: ScoresFile, onDisk: string | undefined, events: KeeperEvents) {
    this.#path = path;
    this.#file = file;
    this.#onDisk = onDisk;
    this.#events = events;
  }

  /** Throws a ScoresFileError where what is at the path must not be written over. */
  static async open(path: string, reader: string, events: KeeperEvents): Promise<ScoresKeeper> {
    const text = await readFile(path, 'utf8').catch(orMissing);
    const file = text === undefined ? { reader, sessions: [] } : parseScores(text, basename(path));
    if (file.reader !== reader)
      throw new ScoresFileError(`${basename(path)} holds the scores of ${file.reader}, not of ${reader}.`);
    return new ScoresKeeper(path, file, text === undefined ? undefined : digestOf(text), events);
  }

  /** The session of this number as far as it was read; undefined where it was not begun. */
  session(number: number): ReadingSession | undefined {
    return this.#file.sessions.find((one) => one.session === number);
  }

  /** Takes up the session as it is now, begins to write it, and gives the number of the change. */
  keep(session: ReadingSession): number {
    const others = this.#file.sessions.filter((one) => one.session !== session.session);
    const sessions = [...others, session].sort((a, b) => a.session - b.session);
    this.#file = { ...this.#file, sessions };
    this.#change++;
    void this.#write();
    return this.#change;
  }

  /** Resolves when everything is in the file, or could not be written. */
  async flush(): Promise<void> {
    await this.#write();
  }

  /** One writing after the other; what changes meanwhile goes with the next. */
  #write(): Promise<void> {
    clearTimeout(this.#again);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#written < this.#change) {
      const change = this.#change;
      const text = formatScores(this.#file);
      try {
        if (!(await this.#isWritten(text))) continue;
      } catch (error) {
        if (!(error instanceof WriteError)) throw error;
        this.#again = setTimeout(() => void this.#write(), AGAIN_MS).unref();
        this.#events.unsaved(
          `Answers are not in the file yet: ${basename(this.#path)} could not be written (${error.message}). Leave this window open; it is tried again.`,
        );
        return;
      }
      this.#onDisk = digestOf(text);
      this.#written = change;
      this.#events.saved(change);
    }
  }

  /** False where somebody else has changed the file, and another one is to be written instead. */
  async #isWritten(text: string): Promise<boolean> {
    try {
      await writeAtomically(this.#path, text, { beforeReplacing: () => this.#refuseOthers() });
      return true;
    } catch (error) {
      if (!(error instanceof ChangedByOthers)) throw error;
      await this.#moveOn();
      return false;
    }
  }

  async #refuseOthers(): Promise<void> {
    const text = await textAt(this.#path);
    // What was removed is written anew: everything is here.
    if (text !== undefined && digestOf(text) !== this.#onDisk) throw new ChangedByOthers();
  }

  /** To a file of its own beside the one that somebody else has changed. */
  async #moveOn(): Promise<void> {
    const name = basename(this.#path);
    for (let n = 2; ; n++) {
      const path = join(dirname(this.#path), `${name.replace(/(?:\.scores)?\.json$/, '')}-${n}${SCORES_ENDING}`);
      if ((await textAt(path)) !== undefined) continue;
      this.#path = path;
      this.#onDisk = undefined;
      this.#events.unsaved(
        `${name} was changed elsewhere while you read, such as by a second window. It is left as it is; your answers go to ${basename(path)} beside it from now on.`,
      );
      return;
    }
  }
}

class ChangedByOthers extends Error {}

/** Undefined where there is no file. Throws a WriteError where what is there cannot be looked at, and so not be replaced. */
async function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8')
    .catch(orMissing)
    .catch((error: unknown) => {
      const { code, syscall } = systemErrorOf(error);
      if (syscall === undefined) throw error;
      throw new WriteError(`what is there cannot be read: the system says ${code}`, { cause: error });
    });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
