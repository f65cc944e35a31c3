/**
 * What in an ONNX file (onnx.proto3) leads out of the file or claims more than the file can hold, told before ONNX Runtime
 * sees it. A reader of the whole format would copy weights of gigabytes to find a few names: this one walks the
 * wire format (protobuf encoding) in place and looks at the fields that can lead to a tensor or a node, wherever they stand.
 */

/** A tensor whose values lie in another file. */
export interface ExternalTensor {
  readonly name: string;
  /** Every `location` that it names; a sound file names one. */
  readonly locations: readonly string[];
  /** First byte after its values, where the file tells their length. */
  readonly end: number;
  /** True for weights of the main graph; false in branches, loops, functions, constants and sparse tensors. */
  readonly isWeight: boolean;
}

export interface OnnxParts {
  readonly external: readonly ExternalTensor[];
  /** Numbers of values of the tensor that claims most of them, and of the sparse tensor that unpacks to most. */
  readonly mostValues: number;
  readonly mostUnpacked: number;
  /** Whether a node of the kind EPContext, compiled for one device, is there: it may name a file too. */
  readonly isCompiled: boolean;
  /** Fewest channels that a convolution of the main graph with a kernel of more than one voxel gives; by its number of axes. */
  readonly fewestChannels: ReadonlyMap<number, number>;
}

/** Thrown for bytes that are no ONNX file. */
export class NotOnnx extends Error {}

type Message = 'model' | 'training' | 'function' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse';

/** Fields of each message that hold another one, by their numbers in onnx.proto3. */
const INNER: Readonly<Record<Message, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: {},
};
const NODE_OP_TYPE = 4;
const SPARSE_DIMS = 3;
const TENSOR = { dims: 1, name: 8, externalData: 13, dataLocation: 14 };
/** Values of `data_location`: 0 is inside the file. */
const INSIDE = 0;
/** Branches within branches; ONNX Runtime's own protobuf reader stops at 100 messages. */
const MAX_DEPTH = 100;
/** How a model in ONNX Runtime's own format begins, after four bytes; its weights may lie in a file that no field here tells. */
const ORT_FORMAT = 'ORTM';
/** Tags have 32 bits; readers of protobuf cut longer ones to them, so that they become those of other fields. */
const TAGS = 2 ** 32;

interface Field {
  readonly number: number;
  /** The value of a number; the length of what is bytes. */
  readonly value: number;
  /** The bytes, empty for a number. */
  readonly bytes: Buffer;
}

/** Throws NotOnnx where the bytes are none. */
export function onnxParts(file: Buffer): OnnxParts {
  if (file.toString('latin1', 4, 8) === ORT_FORMAT) throw new NotOnnx('it is in ONNX Runtime’s own format (.ort)');
  const external: ExternalTensor[] = [];
  const fewestChannels = new Map<number, number>();
  const found = { external, mostValues: 0, mostUnpacked: 0, isCompiled: false, fewestChannels };

  const visit = (message: Message, bytes: Buffer, path: readonly Message[]): void => {
    if (path.length > MAX_DEPTH) throw new NotOnnx(`its graphs lie more than ${MAX_DEPTH} deep in each other`);
    if (message === 'tensor') {
      visitTensor(bytes, path);
      return;
    }
    const unpacked: number[] = [];
    for (const field of fieldsIn(bytes)) {
      const inner = INNER[message][field.number];
      if (inner) visit(inner, field.bytes, [...path, message]);
      else if (message === 'node' && field.number === NODE_OP_TYPE)
        found.isCompiled ||= field.bytes.toString('utf8') === 'EPContext';
      else if (message === 'sparse' && field.number === SPARSE_DIMS) unpacked.push(...numbersOf(field));
    }
    if (unpacked.length) found.mostUnpacked = Math.max(found.mostUnpacked, product(unpacked));
  };

  const visitTensor = (bytes: Buffer, path: readonly Message[]): void => {
    const dims: number[] = [];
    const entries: (readonly [string, string])[] = [];
    let name = '';
    let isExternal = false;
    for (const field of fieldsIn(bytes)) {
      if (field.number === TENSOR.dims) dims.push(...numbersOf(field));
      else if (field.number === TENSOR.name) name = field.bytes.toString('utf8');
      else if (field.number === TENSOR.externalData) entries.push(entryOf(field.bytes));
      else if (field.number === TENSOR.dataLocation)
        // A value beyond 32 bits is cut to them by ONNX Runtime, and may become any other.
        isExternal ||= field.value !== INSIDE;
    }
    found.mostValues = Math.max(found.mostValues, product(dims));
    const [channels = 0, , ...kernel] = dims;
    if (kernel.length >= 2 && product(kernel) > 1 && path.join() === 'model,graph')
      fewestChannels.set(kernel.length, Math.min(fewestChannels.get(kernel.length) ?? channels, channels));
    if (!isExternal) return;
    const all = (wanted: string) => entries.flatMap(([key, value]) => (key === wanted ? [value] : []));
    const most = (wanted: string) => Math.max(0, ...all(wanted).map(Number));
    external.push({
      name,
      locations: [...new Set(all('location'))],
      end: most('offset') + most('length'),
      isWeight: path.join() === 'model,graph',
    });
  };

  visit('model', file, []);
  return found;
}

function product(dims: readonly number[]): number {
  return dims.reduce((size, length) => size * length, 1);
}

/** StringStringEntryProto: a key and its value. */
function entryOf(bytes: Buffer): readonly [string, string] {
  const texts = ['', ''];
  for (const field of fieldsIn(bytes)) if (field.number <= 2) texts[field.number - 1] = field.bytes.toString('utf8');
  return [texts[0]!, texts[1]!];
}

/** Values of a repeated number, packed or one by one. */
function numbersOf({ value, bytes }: Field): number[] {
  if (bytes.length === 0) return [value];
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [number, next] = varint(bytes, at);
    numbers.push(number);
    at = next;
  }
  return numbers;
}

const NONE = Buffer.alloc(0);

function* fieldsIn(bytes: Buffer): Generator<Field> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = varint(bytes, at);
    const number = Math.floor(tag / 8);
    if (number === 0 || tag >= TAGS) throw new NotOnnx('its bytes are no ONNX');
    switch (tag % 8) {
      case 0: {
        const [value, next] = varint(bytes, start);
        yield { number, value, bytes: NONE };
        at = next;
        break;
      }
      case 1:
        at = start + 8;
        break;
      case 5:
        at = start + 4;
        break;
      case 2: {
        const [length, from] = varint(bytes, start);
        at = from + length;
        if (at > bytes.length) throw new NotOnnx('it is cut short');
        yield { number, value: length, bytes: bytes.subarray(from, at) };
        break;
      }
      default:
        throw new NotOnnx('its bytes are no ONNX');
    }
    if (at > bytes.length) throw new NotOnnx('it is cut short');
  }
}

/** A number of up to ten bytes and the place behind it; those over 2⁵³ only approximately, which is enough to refuse them. */
function varint(bytes: Buffer, start: number): readonly [number, number] {
  let value = 0;
  for (let n = 0; n < 10; n++) {
    const byte = bytes[start + n];
    if (byte === undefined) throw new NotOnnx('it is cut short');
    value += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) return [value, start + n + 1];
  }
  throw new NotOnnx('its bytes are no ONNX');
}
