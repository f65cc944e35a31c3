/** Takes a multipart/related body apart (RFC 2046 section 5.1, RFC 2387), as WADO-RS answers (PS3.18 section 8.7.3). */

/** The boundary that a content type names; undefined where it is no multipart. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

/** The bodies of the parts. Undefined where the closing boundary is missing: the answer was cut off. */
export function partsOf(body: Buffer, boundary: string): Buffer[] | undefined {
  const delimiter = Buffer.from(`--${boundary}`);
  const parts: Buffer[] = [];
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const after = at + delimiter.length;
    if (body.toString('latin1', after, after + 2) === '--') return parts;
    const head = body.indexOf('\r\n\r\n', after);
    const next = body.indexOf(`\r\n--${boundary}`, Math.max(after, head));
    if (head === -1 || next === -1) return undefined;
    parts.push(body.subarray(head + 4, next));
    at = next + 2;
  }
  return undefined;
}
