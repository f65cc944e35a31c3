/**
 * A complete VS Code on this machine without a desktop: the unmodified VS Code server and web workbench that the npm
 * package `code-server` carries. Installed once into .vscode-server/, started on loopback, used with any browser.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { npm } from '../bootstrap.mjs';
import { endProcess, mustRunNode } from './processes.ts';
import { PROJECT } from './project.ts';

/** 4.139.1 carries VS Code 1.139.1. */
const CODE_SERVER_VERSION = '4.139.1';
const INSTALLATION = join(PROJECT, '.vscode-server');
const SERVER_FOLDER = join(INSTALLATION, 'node_modules', 'code-server', 'lib', 'vscode');
const STAMP = join(INSTALLATION, 'installed-version');
const START_TIMEOUT_MS = 60_000;

/** Nothing but the notebook asks for attention. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'update.mode': 'none',
};
/** VS Code and the extensions that it brings tell nobody of the session, and ask nobody for updates. These count among a user's own settings alone. */
const PRIVATE_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
};

export interface ServerOptions {
  /** Takes the server's settings, logs and installed extensions. */
  readonly dataFolder: string;
  /** The folder that the bare address opens. */
  readonly workspaceFolder: string;
  readonly port?: number;
  /** Folders of extensions to install, as links. */
  readonly extensions?: readonly string[];
  /** Files of extensions (.vsix) to install as a user does. */
  readonly packages?: readonly string[];
  /** A notebook in `workspaceFolder` to open at the start. */
  readonly openNotebook?: string;
  /** Folders are not trusted until the user says so, as on a desktop. */
  readonly asksForTrust?: boolean;
  /** Makes the server obey the test payload in the address, and enables the test driver. */
  readonly testDriver?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Settings for every workspace that this server opens. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface RunningServer {
  /** Address of the workbench. */
  readonly url: string;
  readonly port: number;
  readonly logFile: string;
  /** Resolves when the server has ended by itself or by `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Installs the pinned server unless it is there: about 100 MB, 15 s, no compiler. */
export async function installServer(): Promise<void> {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === CODE_SERVER_VERSION) return;
  console.log(`Installing the VS Code server (code-server ${CODE_SERVER_VERSION}) into .vscode-server/ …`);
  rmSync(INSTALLATION, { recursive: true, force: true });
  mkdirSync(INSTALLATION);
  writeFileSync(join(INSTALLATION, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await mustRunNpm(['install', `code-server@${CODE_SERVER_VERSION}`, ...quiet], INSTALLATION);
  await mustRunNpm(['install', '--omit=dev', ...quiet], SERVER_FOLDER);
  writeFileSync(STAMP, CODE_SERVER_VERSION);
}

async function mustRunNpm(args: readonly string[], folder: string): Promise<void> {
  if ((await npm(args, folder)) !== 0)
    throw new Error(`\`npm ${args.join(' ')}\` failed in ${folder}. Check the network connection, then try again.`);
}

/** Starts the server on loopback and resolves once it answers. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const { dataFolder } = options;
  const machineSettings = join(dataFolder, 'data', 'Machine');
  mkdirSync(machineSettings, { recursive: true });
  linkExtensions(join(dataFolder, 'extensions'), [...(options.extensions ?? []), join(PROJECT, 'scripts', 'opener')]);
  writeFileSync(join(machineSettings, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...options.settings }));
  const userSettings = join(dataFolder, 'data', 'User', 'settings.json');
  mkdirSync(dirname(userSettings), { recursive: true });
  // What the user has changed since stays.
  if (!existsSync(userSettings)) writeFileSync(userSettings, JSON.stringify(PRIVATE_SETTINGS, null, 2));
  for (const file of options.packages ?? []) await installPackage(dataFolder, file);
  const logFile = join(dataFolder, 'server.log');
  const log = openSync(logFile, 'w');
  const args = ['out/server-main.js', '--host', '127.0.0.1', '--port', String(port)];
  args.push('--without-connection-token', '--accept-server-license-terms');
  // Its level alone leaves the server's own reports on.
  args.push('--disable-telemetry', '--telemetry-level', 'off');
  if (!options.asksForTrust) args.push('--disable-workspace-trust');
  args.push('--server-data-dir', dataFolder);
  args.push('--extensions-dir', join(dataFolder, 'extensions'), '--default-folder', options.workspaceFolder);
  if (options.testDriver) args.push('--enable-smoke-test-driver');
  const child = spawn(process.execPath, args, {
    cwd: SERVER_FOLDER,
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      ...options.environment,
      ...(options.openNotebook ? { LUNGNB_OPEN: options.openNotebook } : {}),
    },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://localhost:${port}/`;
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await endProcess(child);
      throw new Error(`The VS Code server did not start on port ${port}:\n${readFileSync(logFile, 'utf8')}`);
    }
    await wait(100);
  }
  return { url, port, logFile, ended, stop: () => endProcess(child) };
}

async function installPackage(dataFolder: string, file: string): Promise<void> {
  const folders = ['--server-data-dir', dataFolder, '--extensions-dir', join(dataFolder, 'extensions')];
  const args = ['out/server-main.js', '--accept-server-license-terms', ...folders, '--install-extension', file];
  await mustRunNode(args, { cwd: SERVER_FOLDER, stdio: 'ignore' });
}

/** The server scans its extensions folder anew when it has no list of it. */
function linkExtensions(folder: string, extensions: readonly string[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const extension of extensions) symlinkSync(extension, join(folder, basename(extension)), 'junction');
}

/** `url` with the payload that makes a server with `testDriver` load the project's extension, and run a test suite in it. */
export function developmentUrl(server: RunningServer, workspaceFolder: string, testsPath?: string): string {
  const remote = (path: string) => `vscode-remote://localhost:${server.port}${posixPath(path)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(PROJECT)],
    ['skipWelcome', 'true'],
    ...(testsPath ? [['extensionTestsPath', remote(testsPath)]] : []),
  ];
  const query = new URLSearchParams({ folder: posixPath(workspaceFolder), payload: JSON.stringify(payload) });
  return `${server.url}?${query}`;
}

/** `C:\x` as `/c:/x`. */
function posixPath(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.startsWith('/') ? slashes : `/${slashes}`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch (error) {
    // Until the server listens, the connection is refused or the answer is late.
    if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return false;
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port was given'));
      probe.close(() => resolve(address.port));
    });
  });
}
