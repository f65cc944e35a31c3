/**
 * Runs a program where it reaches nobody (a network namespace of its own, in which only this computer answers), and
 * records by strace what it tries: connections and look-ups of names, and files that it writes.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitCode } from '../../scripts/bootstrap.mjs';

/** Without root, Linux gives a namespace of the network only with one of users. */
const APART = process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--map-root-user', '--net'];
/** Brings up the loopback, runs the program, and keeps what the namespace counted. */
const INSIDE =
  'ip link set lo up || exit 97; "$@"; code=$?; cat /proc/net/snmp /proc/net/snmp6 >"$COUNTERS"; exit $code';
const WATCHED = [
  ...['connect', 'sendto', 'sendmsg', 'sendmmsg'],
  ...['open', 'openat', 'creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'rename', 'renameat', 'renameat2'],
  ...['link', 'linkat', 'symlink', 'symlinkat', 'execve', 'clone', 'clone3', 'fork', 'vfork'],
];
const STRACE = [
  'strace',
  '--follow-forks',
  '--output-separately',
  '--seccomp-bpf',
  '--decode-fds=path',
  '--string-limit=400',
];

/** One thread of a recorded program. */
export interface RecordedThread {
  readonly id: number;
  /** The command line that it runs, where it started one; else that of the thread which started it. */
  readonly program: string;
  /** Itself, and those that started it, nearest first. */
  readonly lineage: readonly number[];
  /** Addresses beyond this computer, and servers of names, that it tried to reach. */
  readonly reached: readonly string[];
  /** Paths of files and folders that it made, or opened to write. */
  readonly written: readonly string[];
}

export interface Recording {
  readonly code: number;
  readonly output: string;
  readonly threads: readonly RecordedThread[];
  /** Packets for which the namespace knew no way, from whatever system call. */
  readonly unroutable: number;
}

/**
 * Why nothing can be recorded on this computer, or undefined where it can. With LUNGNB_MUST_RECORD in the environment it
 * throws instead: continuous integration leaves no such test out.
 */
export function whyNoRecording(): string | undefined {
  const trial = spawnSync(
    APART[0]!,
    [...APART.slice(1), 'sh', '-c', INSIDE, 'sh', ...STRACE, '-o', '/dev/null', 'true'],
    {
      env: { PATH: process.env.PATH, COUNTERS: '/dev/null' },
      encoding: 'utf8',
    },
  );
  if (trial.status === 0) return undefined;
  const reason = `a program cannot be recorded here, which needs Linux, unshare, ip and strace: ${trial.error?.message ?? trial.stderr.trim()}`;
  if (process.env.LUNGNB_MUST_RECORD) throw new Error(reason);
  return reason;
}

/** Runs `command` in `folder` with nothing but `environment` and PATH around it; `notes` is a folder for the recorder's own files. */
export async function record(
  command: readonly string[],
  { folder, notes, environment }: { folder: string; notes: string; environment: Readonly<Record<string, string>> },
): Promise<Recording> {
  mkdirSync(notes, { recursive: true });
  const counters = join(notes, 'counters');
  const traced = [...STRACE, `--trace=${WATCHED.join(',')}`, '-o', join(notes, 'thread'), '--', ...command];
  const child = spawn(APART[0]!, [...APART.slice(1), 'sh', '-c', INSIDE, 'sh', ...traced], {
    cwd: folder,
    // What ran this test may say that it is a test, and switch off what is looked for.
    env: { PATH: process.env.PATH, COUNTERS: counters, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const code = await exitCode(child);
  return { code, output: output.join(''), threads: readThreads(notes, folder), unroutable: readUnroutable(counters) };
}

function readUnroutable(file: string): number {
  const text = readFileSync(file, 'utf8');
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith('Ip: '));
  const ofVersion4 = values.split(' ')[names.split(' ').indexOf('OutNoRoutes')];
  const ofVersion6 = /^Ip6OutNoRoutes\s+(\d+)$/m.exec(text)?.[1];
  if (ofVersion4 === undefined || ofVersion6 === undefined) throw new Error(`${file} lacks the counters of packets.`);
  return Number(ofVersion4) + Number(ofVersion6);
}

function readThreads(notes: string, folder: string): RecordedThread[] {
  const files = readdirSync(notes).filter((name) => name.startsWith('thread.'));
  const calls = new Map(
    files.map((name) => [Number(name.slice(7)), readFileSync(join(notes, name), 'utf8').split('\n')]),
  );
  const starters = new Map<number, number>();
  const programs = new Map<number, string>();
  for (const [id, lines] of calls)
    for (const line of lines) {
      const started = /^(?:clone|clone3|fork|vfork)\(.* = (\d+)(?:<|$)/.exec(line)?.[1];
      if (started) starters.set(Number(started), id);
      const program = /^execve\(.*?, \[(.*)\], .* = 0$/.exec(line)?.[1];
      if (program) programs.set(id, program);
    }
  const lineageOf = (id: number): number[] => {
    const starter = starters.get(id);
    return starter === undefined ? [id] : [id, ...lineageOf(starter)];
  };
  return [...calls].map(([id, lines]) => {
    const lineage = lineageOf(id);
    const program = lineage.map((one) => programs.get(one)).find((found) => found !== undefined) ?? 'unknown';
    return {
      id,
      program,
      lineage,
      reached: lines.flatMap(reachedBy),
      written: lines.flatMap((line) => writtenBy(line, folder)),
    };
  });
}

/** What one system call tried to reach beyond this computer. */
export function reachedBy(line: string): string[] {
  if (!/^(connect|sendto|sendmsg|sendmmsg)\(/.test(line)) return [];
  return [...line.matchAll(/\{sa_family=(\w+)(?:, ([^}]*))?/g)].flatMap(([, family, rest = '']) => {
    if (family === 'AF_UNSPEC' || family === 'AF_NETLINK') return [];
    // Services of this computer that look names up for others.
    if (family === 'AF_UNIX') return /nscd|resolve|mdns|dbus/.test(rest) && !/ = -1 ENOENT/.test(line) ? [rest] : [];
    const port = /port=htons\((\d+)\)/.exec(rest)?.[1];
    const address = /inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/.exec(rest);
    const host = address?.[1] ?? address?.[2];
    if (host === undefined) return [line];
    const isHere = /^(::ffff:)?127\.|^::1$|^0\.0\.0\.0$|^::$/.test(host);
    return isHere && port !== '53' ? [] : [`${host} port ${port}`];
  });
}

/** What one system call made, or opened to write. */
export function writtenBy(line: string, folder: string): string[] {
  if (/ = -1 /.test(line)) return [];
  if (/^(open|openat|creat)\(/.test(line)) {
    if (!/^creat|O_WRONLY|O_RDWR|O_CREAT/.test(line)) return [];
    const path = / = \d+<(.*)>$/.exec(line)?.[1] ?? line;
    return path.startsWith('/dev/') || path.startsWith('/proc/') ? [] : [path];
  }
  if (!/^(mkdir|mknod|rename|link|symlink)/.test(line)) return [];
  // The last path is the new one.
  const paths = [...line.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)];
  const last = paths.at(-1);
  return last ? [resolve(last[1] ?? folder, last[2]!)] : [line];
}
