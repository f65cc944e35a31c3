/**
 * The first step of `npm start` and `npm test` on a fresh clone: plain JavaScript for Node 20 and later, without any
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
  if (!packagesAreInstalled()) {
    console.log('Installing packages, which takes a few minutes …');
    const code = await npm(['ci', '--no-audit', '--no-fund'], project);
    if (code !== 0) {
      console.error('`npm ci` failed. Check the network connection and the messages above, then try again.');
      process.exit(1);
    }
  }
  const binary = join(project, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const node = existsSync(binary) ? binary : process.execPath;
  const child = spawn(node, [join(project, 'scripts', script), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl+C reaches the child itself; a signal sent to this process alone is handed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exit(await exitCode(child));
}

/**
 * Runs npm in a folder and gives its exit code.
 * @param {readonly string[]} args
 * @param {string} folder
 * @returns {Promise<number>}
 */
export function npm(args, folder) {
  const own = process.env.npm_execpath;
  const child = own?.endsWith('.js')
    ? spawn(process.execPath, [own, ...args], { cwd: folder, stdio: 'inherit' })
    : spawn('npm', args, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
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
