/** DICOMweb servers that fail, lie, or lead elsewhere, and downloads that are ended half-way. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import {
  archive,
  asParts,
  createServers,
  endless,
  type Handler,
  json,
  multipart,
  SERIES,
} from '../../unit/ct/dicomWeb/server.ts';
import {
  type Fault,
  halfWritten,
  inShort,
  messagesOf,
  type Outcome,
  type Reference,
  unplain,
  wrongAfterAnotherRun,
} from '../fault.ts';
import { fillUpTo, makeRoom, mountDisk, unmount, whyNoDisk } from '../mounts.ts';
import { filesOfCt, leftovers, newComputer, run, snapshot } from '../study.ts';

type Answer = (n: number, response: ServerResponse) => void;

const NESTED = `[${'['.repeat(100_000)}${']'.repeat(100_000)}]`;

/** What a server may do instead of its work; `elsewhere` is the address of one that must never be asked. */
const MODES: Readonly<Record<string, (good: Handler, elsewhere: string) => Handler>> = {
  'says 500': () => (_, response) => void response.writeHead(500).end(),
  'says 401': () => (_, response) => void response.writeHead(401).end(),
  'is no JSON': () => (_, response) => void response.end('<html>'),
  'nested JSON': () => (_, response) => void response.end(NESTED),
  'JSON of nulls': () => (_, response) => json(response, [null, {}, { '00080018': null }]),
  'empty answers': () => (_, response) => void response.end(),
  'closes at once': () => (request) => void request.socket.destroy(),
  'leads elsewhere': (_, elsewhere) => (request, response) =>
    void response.writeHead(307, { location: `${elsewhere}${request.url}` }).end(),
  'matches elsewhere': (good, elsewhere) => (request, response) =>
    request.url?.includes('/instances?')
      ? json(response, [
          { '00080018': { vr: 'UI', Value: ['1.2.3.1'] }, '00081190': { vr: 'UR', Value: [`${elsewhere}/rs/`] } },
        ])
      : good(request, response),
  'images elsewhere': (_, elsewhere) =>
    archive(20, (n, response) => void response.writeHead(302, { location: `${elsewhere}/${n}` }).end()),
  'a page for images': () =>
    archive(20, (_, response) => void response.setHeader('content-type', 'text/html').end('<p>')),
  'images cut off': () =>
    archive(
      20,
      (_, response) =>
        void asParts(response).write(multipart(Buffer.alloc(5000)).subarray(0, 4000), () => response.destroy()),
    ),
  'images of zeros': () => archive(20, (_, response) => void asParts(response).end(multipart(Buffer.alloc(5000)))),
};

export const servers: Fault = {
  name: 'DICOMweb server',
  async *attempts(rounds, _reference) {
    const { serve, close } = createServers();
    try {
      let asked = 0;
      const elsewhere = await serve((_, response) => {
        asked++;
        response.end();
      });
      const images = filesOfCt().map((file) => multipart(readFileSync(file)));
      const sendWhole: Answer = (n, response) => void asParts(response).end(images[n - 1]);
      const good = archive(images.length, sendWhole);
      let handler = good;
      const address = `${await serve((...call) => handler(...call))}${SERIES}`;
      const reference = await undisturbed(address);
      const set = (next: Handler) => {
        handler = next;
      };
      const server: Server = { address, good, reference, set };
      const modes = Object.entries(MODES);
      const count = Math.max(2, Math.min(modes.length, Math.round(rounds / 3)));
      for (let n = 0; n < count; n++) {
        // 5 and 13 have no common divisor.
        const [tried, make] = modes[(n * 5) % modes.length]!;
        asked = 0;
        const outcome = await attempt(server, tried, make(good, elsewhere));
        yield { ...outcome, wrong: [...outcome.wrong, ...(asked ? [`asked another server ${asked} times`] : [])] };
      }
      for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) yield ended(server, signal);
      if (!whyNoDisk()) yield fullDisk(server);
    } finally {
      await close();
    }
  },
};

interface Server {
  readonly address: string;
  readonly good: Handler;
  readonly reference: Reference;
  readonly set: (handler: Handler) => void;
}

async function undisturbed(address: string): Promise<Reference> {
  const computer = newComputer(address, 'patient-1');
  const before = snapshot(computer);
  const { code, stderr } = await run(computer);
  if (code !== 0) throw new Error(`The study does not run from a good server: ${stderr}`);
  const after = snapshot(computer);
  computer.remove();
  return { before, after, cache: '' };
}

async function attempt({ address, good, reference, set }: Server, tried: string, bad: Handler): Promise<Outcome> {
  const computer = newComputer(address, 'patient-1');
  set(bad);
  const ended = await run(computer);
  set(good);
  const wrong = [
    ...unplain(ended),
    ...(ended.code === 1 ? [] : [`exit ${ended.code}: ${messagesOf(ended.stderr)}`]),
    ...leftovers(computer).map((one) => `left over: ${one}`),
    ...(await wrongAfterAnotherRun(computer, reference)),
  ];
  computer.remove();
  return { tried, came: inShort(ended), wrong };
}

/** A signal while images come that have no end; what SIGKILL leaves goes with the next start. */
async function ended({ address, good, reference, set }: Server, signal: NodeJS.Signals): Promise<Outcome> {
  const computer = newComputer(address, 'patient-1');
  const begun = Promise.withResolvers<void>();
  set(
    archive(5, (_, response) => {
      begun.resolve();
      endless(asParts(response), multipart(Buffer.alloc(50_000)).subarray(0, 40_000));
    }),
  );
  const end = await run(computer, {
    watch: (child) => void begun.promise.then(() => setTimeout(() => child.kill(signal), 200)),
  });
  set(good);
  const wrong = halfWritten(snapshot(computer), reference);
  if (signal !== 'SIGKILL') wrong.push(...leftovers(computer).map((one) => `left over: ${one}`));
  wrong.push(...(await wrongAfterAnotherRun(computer, reference)));
  computer.remove();
  return { tried: `${signal} while it downloads`, came: inShort(end), wrong };
}

async function fullDisk({ address, reference }: Server): Promise<Outcome> {
  const computer = newComputer(address, 'patient-1');
  const tmp = computer.at('tmp');
  mountDisk(tmp, 8000);
  try {
    fillUpTo(tmp, 20_000);
    const end = await run(computer);
    makeRoom(tmp);
    const wrong = [
      ...unplain(end),
      ...(/disk/.test(end.stderr) ? [] : [`no word of the disk: ${messagesOf(end.stderr)}`]),
      ...leftovers(computer).map((one) => `left over: ${one}`),
      ...(await wrongAfterAnotherRun(computer, reference)),
    ];
    return { tried: 'TMPDIR full', came: inShort(end), wrong };
  } finally {
    unmount(tmp);
    computer.remove();
  }
}
