/** Takes a multipart/related body apart while it comes (RFC 2046 section 5.1, RFC 2387), as WADO-RS answers (PS3.18 section 8.7.3). */

/** The boundary that a content type names; undefined where it is no multipart. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

/** Takes the bytes of one part. */
export interface PartSink {
  write(bytes: Uint8Array): Promise<void>;
  /** The part is whole. */
  end(): Promise<void>;
}

export interface PartLimits {
  readonly parts: number;
  /** Of a part's header lines, and of what stands before the first part. */
  readonly partHeaderBytes: number;
}

/** A server sends more parts or longer headers than `PartLimits` allow. */
export class SizeLimitError extends Error {}

const HEADER_END = Buffer.from('\r\n\r\n');
const CLOSING = '--';

/**
 * Writes the parts into sinks, one after another, and holds no more than a chunk and a boundary. False where the closing
 * boundary is missing: the answer was cut off, and the last sink was not ended. Throws SizeLimitError.
 */
export async function readParts(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  limits: PartLimits,
  open: () => Promise<PartSink>,
): Promise<boolean> {
  const first = Buffer.from(`--${boundary}`);
  const next = Buffer.from(`\r\n--${boundary}`);
  let rest: Buffer = Buffer.alloc(0);
  /** What is looked for next: the first boundary, then in turn a part's header and the boundary behind it. */
  let state: 'preamble' | 'header' | 'part' = 'preamble';
  let sink: PartSink | undefined;
  let parts = 0;

  /** Goes one step on in `rest`; 'more' where that needs further bytes. */
  async function step(): Promise<'on' | 'more' | 'closed'> {
    if (state === 'preamble') {
      const at = rest.indexOf(first);
      if (at === -1) return withinHeader();
      rest = rest.subarray(at + first.length);
      state = 'header';
      return 'on';
    }
    if (state === 'header') {
      if (rest.length < CLOSING.length) return 'more';
      if (rest.toString('latin1', 0, CLOSING.length) === CLOSING) return 'closed';
      const at = rest.indexOf(HEADER_END);
      if (at === -1) return withinHeader();
      if (++parts > limits.parts) throw new SizeLimitError(`more than ${limits.parts} parts`);
      rest = rest.subarray(at + HEADER_END.length);
      sink = await open();
      state = 'part';
      return 'on';
    }
    const at = rest.indexOf(next);
    // The end of what is there may be the beginning of a boundary.
    const sure = at === -1 ? Math.max(0, rest.length - next.length + 1) : at;
    if (sure > 0) await sink?.write(rest.subarray(0, sure));
    rest = rest.subarray(at === -1 ? sure : at + next.length);
    if (at === -1) return 'more';
    await sink?.end();
    state = 'header';
    return 'on';
  }

  function withinHeader(): 'more' {
    if (rest.length > limits.partHeaderBytes)
      throw new SizeLimitError(`more than ${limits.partHeaderBytes} bytes of header in a part`);
    return 'more';
  }

  let closed = false;
  for await (const chunk of body) {
    rest = Buffer.concat([rest, chunk]);
    while (!closed) {
      const done = await step();
      if (done === 'more') break;
      closed = done === 'closed';
    }
    // What follows is read to its end, so that the connection serves again; but not for ever.
    if (closed && rest.length > limits.partHeaderBytes) break;
  }
  return closed;
}
