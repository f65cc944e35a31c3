/** Which notebook's session a room reads, by what its page is told instead: a page knows no path. */
import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';

interface RoomPlace {
  readonly notebook: string;
  readonly name: string;
}

const KEY = 'lungnb.readingRooms';
/** A room that was left open in a window long ago need not be found again. */
const MOST = 50;

export class RoomPlaces {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  of(room: string): RoomPlace | undefined {
    return this.#all().find(([id]) => id === room)?.[1];
  }

  /** The same for the same session. */
  async add(place: RoomPlace): Promise<string> {
    const others = this.#all();
    const known = others.find(([, { notebook, name }]) => notebook === place.notebook && name === place.name);
    if (known) return known[0];
    const id = randomUUID();
    await this.#memory.update(KEY, [...others, [id, place]].slice(-MOST));
    return id;
  }

  #all(): readonly (readonly [string, RoomPlace])[] {
    return this.#memory.get(KEY, []);
  }
}
