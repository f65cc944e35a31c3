/**
 * What ships names no host and no means of reaching one that nobody has accounted for: the bundles, the packages and the
 * native libraries beside them. A new name here wants a look at who would speak to it, and a reason.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/lib/project.ts';

const TEXT = 'in a message or a description, for people to read';
const FORMAT = 'the name of a format or of a namespace, which is compared and never fetched';
const CRATE = 'the name of a profile or of a word of RO-Crate, written into a crate and never fetched';
const SHIPPED_HOSTS: Readonly<Record<string, string>> = {
  'answers.microsoft.com': TEXT,
  'bford.info': TEXT,
  'bioschemas.org': CRATE,
  'cdn.plot.ly':
    'where Plotly would fetch maps for geographic figures, which are not in our build; forbidden by the content policy',
  'cloud.plotly.com': 'where Plotly’s button sends a figure; `figure/drawing.ts` takes out the button and the address',
  'developer.mozilla.org': TEXT,
  'git.io': TEXT,
  'github.com': TEXT,
  'jse.amstat.org': TEXT,
  'json-schema.org': FORMAT,
  'lungnb.invalid':
    'the address of what a browser draws for a file: nobody has it (RFC 2606), and its requests are answered or refused before they leave',
  'pacs.example.org': TEXT,
  'plotly.com': 'in messages, and behind Plotly’s logo, which is not shown',
  'purl.oclc.org': FORMAT,
  'purl.org': FORMAT,
  'quantome.org': 'in `DICOMWEB.tests` of dcmjs, which nothing calls and whose XMLHttpRequest Node does not have',
  'schema.org': CRATE,
  'schemas.microsoft.com': FORMAT,
  'schemas.openxmlformats.org': FORMAT,
  server: TEXT,
  'sites.google.com': TEXT,
  'teem.sourceforge.net': 'where NRRD is described, in the comment at the head of the masks that are written',
  'w3id.org': CRATE,
  'www.w3.org': FORMAT,
};
const CERTIFICATE = 'in the certificate or the signature of a Windows library, for Windows to read';
const NATIVE_HOSTS: Readonly<Record<string, string>> = {
  'mobile.events.data.microsoft.com':
    'the collector of ONNX Runtime’s telemetry: switched off by `inference/telemetryOff.ts`, and `quietCommand.test.ts` finds nothing sent',
  ...Object.fromEntries(
    [
      ...['arxiv.org', 'crbug.com', 'curl.se', 'dawn.googlesource.com', 'devblogs.nvidia.com', 'docs.nvidia.com'],
      ...['docs.scipy.org', 'docs.vulkan.org', 'en.wikipedia.org', 'github.com', 'gpuweb.github.io', 'huggingface.co'],
      ...['ieeexplore.ieee.org', 'issues.chromium.org', 'khr.io', 'llvm.org', 'numpy.org', 'papers.nips.cc'],
      ...['protobuf.dev', 'pytorch.org', 'tinyurl.com', 'www.opencompute.org', 'www.tensorflow.org'],
    ].map((host) => [host, TEXT]),
  ),
  'crl.microsoft.com': CERTIFICATE,
  'www.microsoft.com': CERTIFICATE,
  // The byte behind the address belongs to the certificate.
  'www.microsoft.com0': CERTIFICATE,
};

const CODECS =
  'how the codecs’ WebAssembly is loaded in a browser (in Node it is read from its file), and dcmjs’s own client, which nothing calls';
const OWN_REQUESTS = 'ct/dicomWeb/request.ts, for an address that a cell names; and an LRU cache’s method of that name';
const DEBUG = 'debug’s output to a socket that it was started with, where DEBUG_FD names it';
const SOCKETS =
  'vscode-jsonrpc’s transport over sockets, which is not used: the kernel is spoken to over its own channel';
/** Means of reaching others, by bundle. */
const MEANS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'extension/main.cjs': { net: SOCKETS },
  'kernel/cli.js': {},
  'kernel/command.js': {
    fetch: `${OWN_REQUESTS}; ${CODECS}`,
    net: DEBUG,
    XMLHttpRequest: CODECS,
  },
  'kernel/decodeWorker.js': { fetch: CODECS, XMLHttpRequest: CODECS },
  'kernel/fissureWorker.js': {},
  'kernel/imageWorker.js': { fetch: CODECS, XMLHttpRequest: CODECS },
  'kernel/main.js': { fetch: `${OWN_REQUESTS}; ${CODECS}`, net: SOCKETS, XMLHttpRequest: CODECS },
  'kernel/maskWorker.js': { fetch: CODECS, XMLHttpRequest: CODECS },
  'kernel/networkWorker.js': {},
  'kernel/slabWorker.js': {},
  'kernel/tableWorker.js': {},
  'samples/buildCohort.js': { XMLHttpRequest: 'dcmjs’s own client, which nothing calls' },
  'webview/drawing.js': { XMLHttpRequest: 'd3’s, for Plotly’s maps; forbidden by the content policy' },
  'webview/page.js': { XMLHttpRequest: 'd3’s, for Plotly’s maps; forbidden by the page’s content policy' },
  'webview/printing.js': {},
  'webview/readingRoom.js': {},
  'webview/renderer.js': {},
  'webview/sliceEditor.js': {},
};
const MODULES =
  /(?:require|import)\(["'](?:node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises|inspector)["']\)|\bfrom ?["'](?:node:)?(http|https|http2|net|tls|dgram|dns|dns\/promises|inspector)["']/g;
const GLOBALS =
  /\b(fetch(?=\()|XMLHttpRequest|WebSocket(?=\()|WebSocketStream|EventSource(?=\()|sendBeacon|RTCPeerConnection|WebTransport|importScripts)\b/g;

const bundles = Object.keys(MEANS);
const packages = ['onnxruntime-node/dist', 'onnxruntime-common/dist/cjs', 'piscina/dist'].flatMap((folder) =>
  filesBelow(join(PROJECT, 'node_modules', folder), /\.js$/),
);
const native = filesBelow(join(PROJECT, 'node_modules', 'onnxruntime-node', 'bin'), /./);

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Without its comments, which no program reads. */
function codeOf(file: string): string {
  return transformSync(readFileSync(file, 'utf8'), { minifyWhitespace: true, legalComments: 'none' }).code;
}

/** Hosts of addresses, also of those that leave the scheme to the page. */
function hostsIn(text: string): string[] {
  const addresses = text.matchAll(/(?:(?:https?|wss?|ftps?):|["'`])\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)/gi);
  return [...new Set([...addresses].map(([, host]) => host!.toLowerCase()))];
}

function meansIn(code: string): string[] {
  const modules = [...code.matchAll(MODULES)].map(([, called, imported]) => called ?? imported!);
  return [...new Set([...modules, ...[...code.matchAll(GLOBALS)].map(([, name]) => name!)])].sort();
}

describe('what ships', () => {
  it('is all looked at', () => {
    const built = ['extension', 'kernel', 'webview', 'samples'].flatMap((room) =>
      readdirSync(join(PROJECT, 'out', room))
        .filter((name) => /\.c?js$/.test(name))
        .map((name) => `${room}/${name}`),
    );
    expect(built.sort()).toEqual(bundles);
  });

  it('names no host but those that are accounted for', () => {
    const found = new Set(
      [...bundles.map((name) => join(PROJECT, 'out', name)), ...packages].flatMap((file) => hostsIn(codeOf(file))),
    );
    expect([...found].sort()).toEqual(Object.keys(SHIPPED_HOSTS).sort());
  });

  it.each(bundles)('%s reaches for no network but as accounted for', (name) => {
    expect(meansIn(codeOf(join(PROJECT, 'out', name)))).toEqual(Object.keys(MEANS[name]!).sort());
  });

  it('has packages beside the bundles that reach for no network', () => {
    expect(packages.filter((file) => meansIn(codeOf(file)).length)).toEqual([]);
  });

  it('has native libraries that name no host but those that are accounted for', () => {
    const found = new Set(
      native.flatMap((file) => {
        const bytes = readFileSync(file);
        // Windows keeps texts in two bytes a character as well.
        return [...hostsIn(bytes.toString('latin1')), ...hostsIn(bytes.toString('utf16le'))];
      }),
    );
    expect([...found].filter((host) => host.includes('.')).sort()).toEqual(Object.keys(NATIVE_HOSTS).sort());
  });
});
