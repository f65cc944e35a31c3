/**
 * Reading rooms: editors in which the cases of a session are read one after another. Their pages are told numbers of
 * cases, slices and what is asked, and nothing that says whose CT it is, or what anybody or anything else found.
 */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { SliceReply } from '../../protocol/kernelApi.ts';
import type { FromRoom, PreparedReading, ReadingCaseReply, RoomState, ToRoom } from '../../protocol/reading/room.ts';
import { ScoresFileError } from '../../protocol/reading/scoresFile.ts';
import type { Controller } from '../controller.ts';
import { type KernelProcess, unlessEnded } from '../kernelProcess.ts';
import type { Kernels } from '../kernels.ts';
import { sliceEditorPage } from '../sliceEditorPage.ts';
import { type Clock, Desk } from './desk.ts';
import { runReading } from './readingCells.ts';
import { RoomPlaces } from './roomPlaces.ts';
import { ScoresKeeper } from './scoresKeeper.ts';

const VIEW_TYPE = 'lungnb.readingRoom';
const BUNDLES = ['out', 'webview'];
const ENDED = 'The kernel has ended. Everything that you answered is kept.';

const CLOCK: Clock = { now: () => Date.now(), today: () => new Date().toISOString().slice(0, 10) };

interface Room {
  readonly panel: vscode.WebviewPanel;
  readonly notebook: vscode.Uri;
  readonly name: string;
  /** What its page knows it by. */
  readonly id: string;
  /** While a session is read. */
  reading?: { readonly desk: Desk; readonly keeper: ScoresKeeper } | undefined;
  /** The page's own number of its last answer, and that of the change that the keeper made of it. */
  lastAnswer: { readonly id: number; readonly change: number };
}

export class ReadingRooms implements vscode.Disposable {
  readonly #kernels: Kernels;
  readonly #controller: Controller;
  readonly #places: RoomPlaces;
  readonly #folder: vscode.Uri;
  readonly #open = new Set<Room>();
  readonly #opening = new Set<string>();
  readonly #registered: vscode.Disposable;

  constructor(context: vscode.ExtensionContext, kernels: Kernels, controller: Controller) {
    this.#kernels = kernels;
    this.#controller = controller;
    this.#places = new RoomPlaces(context.workspaceState);
    this.#folder = vscode.Uri.joinPath(context.extensionUri, ...BUNDLES);
    this.#registered = vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
        deserializeWebviewPanel: async (panel, state: RoomState | undefined) => {
          panel.webview.options = this.#options();
          const place = state && this.#places.of(state.room);
          // Without its place nothing can be found, and nothing is lost: the file has the answers.
          if (!place) return panel.dispose();
          const { notebook, name } = place;
          this.#fill({ panel, notebook: vscode.Uri.parse(notebook), name, id: state.room, lastAnswer: NO_ANSWER });
        },
      }),
      kernels.onStopped((notebook) => this.#kernelStopped(notebook)),
    );
  }

  /** Brings the reader's room to the front; what has to run for it is run. */
  async open(notebook: vscode.NotebookDocument, name: string): Promise<void> {
    const existing = [...this.#open].find((room) => room.name === name && isOf(room, notebook.uri));
    if (existing) return existing.panel.reveal();
    // A second click while the first one is being followed.
    const opening = `${notebook.uri} ${name}`;
    if (this.#opening.has(opening)) return;
    this.#opening.add(opening);
    try {
      await this.#openNew(notebook, name);
    } finally {
      this.#opening.delete(opening);
    }
  }

  async #openNew(notebook: vscode.NotebookDocument, name: string): Promise<void> {
    // In front its kernel can be chosen, and behind the room no more.
    const isNew = !this.#controller.isChosen(notebook);
    if (isNew) await this.#run(notebook, name);
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, 'Reading', vscode.ViewColumn.Active, {
      ...this.#options(),
      // Hidden behind another tab it keeps what is being written.
      retainContextWhenHidden: true,
    });
    const id = await this.#places.add({ notebook: notebook.uri.toString(), name });
    const room: Room = { panel, notebook: notebook.uri, name, id, lastAnswer: NO_ANSWER };
    this.#fill(room, { runs: !isNew });
    // One screen: the names of files beside it would tell whose CTs these are.
    await vscode.commands.executeCommand('workbench.action.closeSidebar');
  }

  dispose(): void {
    this.#registered.dispose();
    for (const { panel } of [...this.#open]) panel.dispose();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.#folder] };
  }

  #fill(room: Room, { runs = false }: { readonly runs?: boolean } = {}): void {
    const { panel } = room;
    this.#open.add(room);
    panel.onDidDispose(() => void this.#close(room));
    panel.onDidChangeViewState(() => room.reading?.desk.setSeen(panel.visible));
    panel.webview.onDidReceiveMessage((message) => {
      // SAFETY: only this extension's page, built from the same types, can post here.
      const said = message as FromRoom;
      void this.#obey(room, said, runs).catch((error: unknown) => {
        this.#kernels.logBug(error);
        this.#closed(
          room,
          'Something went wrong inside LungNB. Everything that you answered is kept. This is a bug; please report it with what the log says (Output: LungNB Kernel).',
          CONTINUE,
        );
      });
    });
    panel.webview.html = sliceEditorPage(panel.webview, vscode.Uri.joinPath(this.#folder, 'readingRoom.js'), 'Reading');
  }

  async #obey(room: Room, said: FromRoom, runs: boolean): Promise<void> {
    if (said.type !== 'started') return this.#hear(room, said);
    // The page was made anew, such as in another window: the session goes on.
    return room.reading ? this.#shown(room, room.reading) : this.#begin(room, runs);
  }

  /** Why a slice cannot be had may name its file or its patient, which is for the log. */
  #blinded(reply: SliceReply): SliceReply {
    if (!('problem' in reply) || reply.problem === ENDED) return reply;
    this.#kernels.log(reply.problem);
    return { problem: 'This slice cannot be shown.' };
  }

  #post({ panel }: Room, message: ToRoom): void {
    void panel.webview.postMessage(message);
  }

  #closed(room: Room, text: string, action?: Extract<ToRoom, { type: 'closed' }>['action']): void {
    room.panel.title = 'Reading';
    this.#post(room, { type: 'closed', text, state: stateOf(room), ...(action ? { action } : {}) });
  }

  async #hear(room: Room, said: Exclude<FromRoom, { type: 'started' }>): Promise<void> {
    const { reading } = room;
    switch (said.type) {
      case 'prepare':
        return this.#begin(room, true);
      case 'openNotebook':
        return void (await vscode.window.showNotebookDocument(await documentOf(room)));
      case 'slice': {
        const { requestId, request } = said;
        const reply = await this.#ask(room, (kernel) => kernel.ask('slice', request));
        return this.#post(room, { type: 'slice', requestId, reply: this.#blinded(reply) });
      }
      case 'answer': {
        if (!reading) return;
        if (!reading.desk.answer(said)) return this.#post(room, { type: 'case', at: reading.desk.at() });
        room.lastAnswer = { id: said.id, change: reading.keeper.keep(reading.desk.session()) };
        return;
      }
      case 'next': {
        const at = reading?.desk.at();
        // A second press on its way while the first was heard.
        if (!reading || at?.case !== said.case || at.ai !== said.ai || at.isDone !== said.isDone) return;
        const goesOn = reading.desk.next();
        reading.keeper.keep(reading.desk.session());
        return goesOn ? this.#show(room) : this.#over(room);
      }
      case 'goTo':
        if (!reading?.desk.goTo(said.case)) return;
        reading.keeper.keep(reading.desk.session());
        return this.#show(room);
    }
  }

  /** Takes up the session where its file has it. */
  async #begin(room: Room, runs: boolean): Promise<void> {
    if (!vscode.workspace.isTrusted)
      return this.#closed(
        room,
        'Reading runs the cells of the notebook, which it does in a folder that you trust alone.',
      );
    const notebook = await documentOf(room).then(
      (document) => document,
      () => undefined,
    );
    if (!notebook) return this.#closed(room, `“${basename(room.notebook.path)}” is not there any more.`);
    if (runs) {
      this.#closed(room, 'The cases are being prepared …');
      const isThere = await this.#run(notebook, room.name);
      room.panel.reveal();
      if (!isThere) return this.#closed(room, `No cell of the notebook reads as ${room.name} any more.`, OPEN_NOTEBOOK);
    }
    const reply = await this.#ask(room, (kernel) => kernel.ask('reading', { name: room.name }));
    if ('problem' in reply)
      return runs
        ? this.#closed(room, 'The cases could not be prepared: the notebook says why.', OPEN_NOTEBOOK)
        : this.#closed(room, `Everything that you answered as ${room.name} is kept.`, CONTINUE);
    await this.#takeUp(room, reply.reading);
  }

  async #takeUp(room: Room, prepared: PreparedReading): Promise<void> {
    if (prepared.blocked !== undefined) return this.#closed(room, prepared.blocked, OPEN_NOTEBOOK);
    const { path, reader, session } = prepared;
    try {
      const keeper = await ScoresKeeper.open(path, reader, {
        saved: (change) => {
          if (change >= room.lastAnswer.change) this.#post(room, { type: 'saved', upTo: room.lastAnswer.id });
        },
        unsaved: (text) => this.#post(room, { type: 'unsaved', text }),
      });
      const desk = new Desk(prepared, keeper.session(session.session) ?? session, CLOCK);
      room.reading = { desk, keeper };
      room.lastAnswer = NO_ANSWER;
      return await this.#shown(room, room.reading);
    } catch (error) {
      if (!(error instanceof ScoresFileError)) throw error;
      this.#closed(room, error.message, OPEN_NOTEBOOK);
    }
  }

  /** What is asked, then where the reader is. */
  #shown(room: Room, { desk }: NonNullable<Room['reading']>): Promise<void> | void {
    this.#post(room, { type: 'form', form: desk.form(), state: stateOf(room) });
    return desk.isOver ? this.#over(room) : this.#show(room);
  }

  /** The case that is read, and behind it the next one, so that it is there when it is asked for. */
  async #show(room: Room): Promise<void> {
    const { reading } = room;
    if (!reading) return;
    const at = reading.desk.at();
    room.panel.title = `case ${at.case} of ${at.of}`;
    this.#post(room, { type: 'case', at });
    await this.#sendSlices(room, at.case, at.ai);
    const ahead = reading.desk.ahead();
    if (ahead === undefined || room.reading !== reading || reading.desk.at().case !== at.case) return;
    await this.#sendSlices(room, ahead, reading.desk.session().ai === 'shown');
  }

  async #sendSlices(room: Room, place: number, ai: boolean): Promise<void> {
    const { name } = room;
    const reply: ReadingCaseReply = await this.#ask(room, (kernel) =>
      kernel.ask('readingCase', { name, case: place, ai }),
    );
    this.#post(room, { type: 'slices', case: place, ai, reply });
  }

  #over(room: Room): void {
    const { reading } = room;
    if (!reading) return;
    room.panel.title = 'Reading';
    this.#post(room, { type: 'over', done: reading.desk.doneCount, of: reading.desk.session().cases.length });
    void this.#follow(room);
  }

  async #close(room: Room): Promise<void> {
    this.#open.delete(room);
    const { reading } = room;
    if (!reading) return;
    reading.desk.setSeen(false);
    reading.keeper.keep(reading.desk.session());
    room.reading = undefined;
    await reading.keeper.flush();
    await this.#follow(room);
  }

  #run(notebook: vscode.NotebookDocument, name: string): Promise<boolean> {
    return runReading({ kernels: this.#kernels, controller: this.#controller }, notebook, name);
  }

  /** The card and the table of the notebook, as they are now. */
  async #follow({ notebook: uri, name, reading }: Room): Promise<void> {
    await reading?.keeper.flush();
    const notebook = vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString());
    if (notebook && this.#kernels.get(notebook)) await this.#run(notebook, name);
  }

  #kernelStopped(notebook: vscode.NotebookDocument): void {
    for (const room of this.#open)
      if (room.reading && isOf(room, notebook.uri)) {
        const { desk, keeper } = room.reading;
        desk.setSeen(false);
        keeper.keep(desk.session());
        void keeper.flush();
        room.reading = undefined;
        this.#closed(room, ENDED, CONTINUE);
      }
  }

  /** What the kernel answers; without one, or where it fails, a problem that the page shows. */
  async #ask<T>(room: Room, ask: (kernel: KernelProcess) => Promise<T>): Promise<T | { readonly problem: string }> {
    const notebook = vscode.workspace.notebookDocuments.find((one) => isOf(room, one.uri));
    const kernel = notebook && this.#kernels.get(notebook);
    if (!kernel) return { problem: ENDED };
    return unlessEnded(ask(kernel), () => ({ problem: ENDED })).catch((error: unknown) => {
      this.#kernels.logBug(error);
      return { problem: 'This case cannot be shown. Go on to the next one, and tell whoever planned the study.' };
    });
  }
}

const NO_ANSWER = { id: 0, change: 0 };
const CONTINUE = { label: 'Continue', does: 'prepare' } as const;
const OPEN_NOTEBOOK = { label: 'Open the Notebook', does: 'openNotebook' } as const;

const isOf = (room: Room, uri: vscode.Uri) => room.notebook.toString() === uri.toString();
const stateOf = ({ id }: Room): RoomState => ({ room: id });
const documentOf = ({ notebook }: Room) => vscode.workspace.openNotebookDocument(notebook);
