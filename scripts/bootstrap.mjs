/**
 * The first step of `npm start`, `npm test` and `npx lungnb` on a fresh clone: plain JavaScript for Node 20 and later, without any
 * package. Installs the packages of package-lock.json where they differ, then runs a script with the project's own Node.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs scripts/`script` with the project's Node (the npm package `node`) and this process's arguments, and ends with its
 * exit code.
 * @param {string} script
 * @returns {Promise<never>}
 */
export async function runWithProjectNode(script) {
  await installPackages('inherit');
  const child = spawn(projectNode(), [join(project, 'scripts', script), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // Ctrl+C reaches the child itself; a signal sent to this process alone is handed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exit(await exitCode(child));
}

/**
 * Installs the packages where they differ from package-lock.json and builds the project, and ends the process where that
 * fails. What is printed goes to stderr: stdout belongs to the command that waits for the build.
 */
export async function installAndBuild() {
  await installPackages(2);
  const build = spawn(projectNode(), [join(project, 'scripts', 'build.ts')], { stdio: ['inherit', 2, 2] });
  const code = await exitCode(build);
  if (code !== 0) process.exit(code);
}

/** @param {'inherit' | 2} output where npm's own words go */
async function installPackages(output) {
  if (packagesAreInstalled()) return;
  console.error('Installing packages, which takes a few minutes …');
  const code = await npm(['ci', '--no-audit', '--no-fund'], project, output);
  if (code === 0) return;
  console.error('`npm ci` failed. Check the network connection and the messages above, then try again.');
  process.exit(1);
}

function projectNode() {
  const binary = join(project, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(binary) ? binary : process.execPath;
}

/**
 * Runs npm in a folder and gives its exit code.
 * @param {readonly string[]} args
 * @param {string} folder
 * @param {'inherit' | 2} output where its stdout goes
 * @returns {Promise<number>}
 */
export function npm(args, folder, output = 'inherit') {
  const own = process.env.npm_execpath;
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['inherit', output, 'inherit'];
  const child = own?.endsWith('.js')
    ? spawn(process.execPath, [own, ...args], { cwd: folder, stdio })
    : spawn('npm', args, { cwd: folder, stdio, shell: process.platform === 'win32' });
  return exitCode(child);
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Whether node_modules holds every package of package-lock.json in its version; packages for other systems aside. */
function packagesAreInstalled() {
  const installed = packagesOf(join(project, 'node_modules', '.package-lock.json'));
  if (!installed) return false;
  const wanted = packagesOf(join(project, 'package-lock.json'));
  return Object.entries(wanted ?? {}).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' || optional || devOptional || installed[path]?.version === version,
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}> | undefined}
 */
function packagesOf(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined;
}
