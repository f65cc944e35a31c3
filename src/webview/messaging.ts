/** Talks to the extension, where the output is in a notebook with a kernel: asks for slices, tells of parameters and selected patients. */
import { type ReadonlySignal, signal } from '@preact/signals';
import {
  type Annotation,
  type Annotations,
  isOfSeries,
  NO_ANNOTATIONS,
  withAnnotation,
  withoutAnnotations,
} from '../protocol/annotations/annotation.ts';
import type {
  NeighbourRequest,
  PatientSlicesReply,
  PatientSlicesRequest,
  SliceReply,
  SliceRequest,
  TableRowsReply,
  TableRowsRequest,
} from '../protocol/kernelApi.ts';
import type { MaskEditReply, MaskEditRequest } from '../protocol/painting/editing.ts';
import type {
  ParameterMove,
  ToExtension,
  ToRenderer,
  UseMasksReply,
  UseMasksRequest,
} from '../protocol/rendererMessages.ts';
import type { Plane, SingleSliceView, SliceView } from '../protocol/view.ts';
import { createSelection, type Selection } from './selection.ts';

/** What slices come as: in base64, or as bytes where VS Code lets them pass. */
export type Packed = string | Uint8Array<ArrayBuffer>;

/** After this time without an answer a request counts as unanswered. */
const TIMEOUT_MS = 20_000;
/** Large masks are read and written, and a question may stand on the screen meanwhile. */
const MASKS_TIMEOUT_MS = 600_000;

export interface Messaging {
  /** Never rejects: what went wrong is the reply's `problem`. */
  requestSlice(request: SliceRequest): Promise<SliceReply<Packed>>;
  /** Likewise. */
  requestPatient(request: PatientSlicesRequest): Promise<PatientSlicesReply>;
  /** Likewise. */
  requestRows(request: TableRowsRequest): Promise<TableRowsReply>;
  /** Likewise: edits masks by hand. Absent where there is no kernel to ask. */
  editMask?(request: MaskEditRequest): Promise<MaskEditReply>;
  /** Likewise: puts the statements into the notebook that measure with edited masks. */
  useMasks?(request: UseMasksRequest): Promise<UseMasksReply>;
  /** Likewise; absent where there is no kernel to ask. */
  requestNeighbour?(request: NeighbourRequest): Promise<PatientSlicesReply>;
  /** The slices of a plane that can be had, in order, where a file by itself has some; absent where a kernel makes all. */
  keptSlices?(view: SingleSliceView, plane: Plane): readonly number[];
  /** Whether a figure or a table leads to slices of the patient; absent where a kernel has those of all. */
  leadsTo?(handle: string, ct: Pick<PatientSlicesRequest, 'patient' | 'series'>): boolean;
  /** Shows slices in an editor of their own; absent where there is none to open, or this is it. */
  openEditor?(view: SliceView): void;
  /** Opens the reading room of the reader; absent where there is none, as in a page. */
  openReading?(name: string): void;
  /** Moves a parameter of the notebook; absent where there is no kernel to follow. */
  changeParameter?(move: ParameterMove): void;
  /** Why the parameter that was moved last is what it was; nothing once another one moves. */
  readonly notMoved: ReadonlySignal<NotMoved | undefined>;
  /** Why a parameter cannot be moved here, in a sentence; undefined where it can. Absent where all can, or none. */
  whyFixed?(parameter: string): string | undefined;
  /** Whether the notebook's folder is not trusted (VS Code's Restricted Mode), so that nothing of it runs. */
  readonly isRestricted: ReadonlySignal<boolean>;
  readonly selection: Selection;
  /** What is drawn on the notebook's slices. */
  readonly annotations: ReadonlySignal<Annotations>;
  /** Keeps what was drawn in the viewer of the handle. */
  draw(annotation: Annotation, handle: string): void;
  erase(ids: readonly string[]): void;
  /** Whether the notebook keeps it; a page by itself forgets it. */
  readonly keepsDrawings: boolean;
}

/** Anew for each refusal. */
export interface NotMoved {
  readonly name: string;
  readonly reason: string;
}

/** Where there is no kernel: pictures alone, and a selection that nothing follows. */
export function withoutKernel(drawn = NO_ANNOTATIONS): Messaging {
  return {
    ...drawings(drawn),
    keepsDrawings: false,
    requestSlice: async () => ({ problem: 'This slice is not kept in the file. Run the cell to see all slices.' }),
    requestPatient: async () => ({ problem: 'Slices are not kept in the file. Run the notebook to see them.' }),
    requestRows: async () => ({ problem: 'The other rows are not kept in the file. Run the notebook to see them.' }),
    notMoved: signal(undefined),
    isRestricted: signal(false),
    selection: createSelection(() => {}),
  };
}

/** A file by itself: it has the slices that were shown and those that were drawn on, and nothing offers others. */
export function ofFileAlone(drawn = NO_ANNOTATIONS): Messaging & Required<Pick<Messaging, 'keptSlices' | 'leadsTo'>> {
  const messaging = withoutKernel(drawn);
  return {
    ...messaging,
    keptSlices(view, plane) {
      const drawnOn = messaging.annotations.peek().slices.filter((one) => isOfSeries(one, view));
      const slices = [...view.slices, ...drawnOn.map(({ slice }) => slice)];
      const indices = slices.flatMap((slice) => (slice.plane === plane ? [slice.index] : []));
      return [...new Set(indices)].sort((a, b) => a - b);
    },
    leadsTo: () => false,
  };
}

/** What is drawn, as far as this renderer knows: its own at once, and what it is told. */
function drawings(first: Annotations) {
  const annotations = signal(first);
  return {
    annotations,
    draw(annotation: Annotation, _handle: string): void {
      annotations.value = withAnnotation(annotations.peek(), annotation);
    },
    erase(ids: readonly string[]): void {
      annotations.value = withoutAnnotations(annotations.peek(), ids);
    },
  };
}

type Reply = Extract<ToRenderer, { reply: unknown }>['reply'];

/** The way to the extension, of a notebook's renderer or of an editor. */
export interface Channel {
  readonly postMessage?: ((message: ToExtension) => void) | undefined;
  readonly onDidReceiveMessage?: ((listener: (message: ToRenderer) => void) => unknown) | undefined;
}

export function createMessaging({ postMessage: post, onDidReceiveMessage }: Channel): Messaging {
  if (!post) return ofFileAlone();
  const waiting = new Map<number, (reply: Reply) => void>();
  let lastId = 0;
  onDidReceiveMessage?.((message) => {
    if (message.type === 'selection') return selection.follow(message.patients);
    if (message.type === 'annotations') {
      own.annotations.value = message.annotations;
      return;
    }
    if (message.type === 'notMoved') {
      const { name, reason } = message;
      notMoved.value = { name, reason };
      return;
    }
    if (message.type === 'restricted') {
      isRestricted.value = message.isRestricted;
      return;
    }
    waiting.get(message.requestId)?.(message.reply);
    waiting.delete(message.requestId);
  });
  const isRestricted = signal(false);
  const notMoved = signal<NotMoved | undefined>(undefined);
  const own = drawings(NO_ANNOTATIONS);
  const selection = createSelection((patients) => post({ type: 'selection', patients }));
  post({ type: 'started' });
  const ask = <R extends Reply>(message: (requestId: number) => ToExtension, timeoutMs = TIMEOUT_MS): Promise<R> => {
    const requestId = ++lastId;
    return new Promise((resolve) => {
      const done = (reply: Reply) => {
        clearTimeout(timer);
        // SAFETY: the extension answers each request with the reply of its type.
        resolve(reply as R);
      };
      const timer = setTimeout(() => {
        waiting.delete(requestId);
        done({ problem: 'The kernel does not answer. Run the cell again.' });
      }, timeoutMs);
      waiting.set(requestId, done);
      post(message(requestId));
    });
  };
  return {
    changeParameter(move) {
      notMoved.value = undefined;
      post({ type: 'parameter', ...move });
    },
    notMoved,
    requestSlice: (request) => ask<SliceReply<Packed>>((requestId) => ({ type: 'slice', requestId, request })),
    requestPatient: (request) => ask<PatientSlicesReply>((requestId) => ({ type: 'patient', requestId, request })),
    requestRows: (request) => ask<TableRowsReply>((requestId) => ({ type: 'rows', requestId, request })),
    requestNeighbour: (request) => ask<PatientSlicesReply>((requestId) => ({ type: 'neighbour', requestId, request })),
    editMask: (request) => ask<MaskEditReply>((requestId) => ({ type: 'mask', requestId, request }), MASKS_TIMEOUT_MS),
    useMasks: (request) =>
      ask<UseMasksReply>((requestId) => ({ type: 'useMasks', requestId, request }), MASKS_TIMEOUT_MS),
    openReading: (name) => post({ type: 'openReading', name }),
    openEditor: (view) => post({ type: 'openEditor', view }),
    isRestricted,
    selection,
    annotations: own.annotations,
    draw(annotation, handle) {
      own.draw(annotation, handle);
      post({ type: 'draw', annotation, handle });
    },
    erase(ids) {
      own.erase(ids);
      post({ type: 'erase', ids });
    },
    keepsDrawings: true,
  };
}
