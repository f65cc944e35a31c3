/**
 * `npm run package [-- TARGET …]`: one .vsix for each platform into out/packages, each with that platform's ONNX Runtime
 * alone. Targets are those of VS Code: linux-x64, linux-arm64, darwin-arm64, win32-x64.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { noticesOf, packagesIn } from './lib/notices.ts';
import { mustRunNode } from './lib/processes.ts';
import { PROJECT } from './lib/project.ts';

const TARGETS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'];
const MAX_BYTES = 60e6;
const PACKAGES = join(PROJECT, 'out', 'packages');
/** What the extension needs beside the bundles: packages with files of their own. */
const RUNTIME_PACKAGES = ['onnxruntime-node', 'onnxruntime-common', 'piscina'];
const BUNDLES = ['out/extension', 'out/kernel', 'out/webview', 'out/samples'];
const CONTENTS = [
  ...['README.md', 'CHANGELOG.md', 'LICENSE', 'SECURITY.md', 'media', 'syntaxes'],
  // All that is written for users; `development.md` is for those who have the project.
  ...readdirSync(join(PROJECT, 'docs'))
    .filter((name) => name !== 'development.md')
    .map((name) => `docs/${name}`),
  ...['models/lung-lobes', 'models/lung-texture', 'models/export'],
  ...BUNDLES,
  ...['samples/quickstart.lungnb', 'samples/study.lungnb', 'samples/tutorial.lungnb', 'samples/README.md'],
  ...['samples/reader1.csv', 'samples/reader2.csv', 'samples/truth.csv', 'samples/study', 'samples/models'],
];

const targets = process.argv.slice(2);
for (const target of targets)
  if (!TARGETS.includes(target)) throw new Error(`Unknown target ${target}; there are: ${TARGETS.join(', ')}.`);
await mustRunNode(['scripts/build.ts']);
mkdirSync(PACKAGES, { recursive: true });
for (const target of targets.length ? targets : TARGETS) {
  const file = await packageFor(target);
  const { size } = statSync(file);
  console.log(`${file}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > MAX_BYTES) throw new Error(`${file} is larger than ${MAX_BYTES / 1e6} MB.`);
}

async function packageFor(target: string): Promise<string> {
  const stage = join(PACKAGES, target);
  rmSync(stage, { recursive: true, force: true });
  for (const path of CONTENTS) copy(path, stage, (file) => !file.endsWith('.map'));
  const [platform = '', arch = ''] = target.split('-');
  for (const name of RUNTIME_PACKAGES) {
    copy(join('node_modules', name), stage, (file) => isNeeded(file, platform, arch));
    forgetInstallation(join(stage, 'node_modules', name, 'package.json'));
  }
  refuseForeignBinaries(stage, platform, arch);
  const shipped = new Set([
    ...BUNDLES.flatMap((folder) => packagesIn(join(PROJECT, folder))),
    ...RUNTIME_PACKAGES.map((name) => join(PROJECT, 'node_modules', name)),
  ]);
  writeFileSync(join(stage, 'THIRD-PARTY-NOTICES.txt'), noticesOf([...shipped]));
  const manifest = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
  const dependencies = Object.fromEntries(RUNTIME_PACKAGES.map((name) => [name, versionOf(name)]));
  // The rest is in the bundles.
  for (const key of ['devDependencies', 'scripts', 'overrides', 'private', 'bin']) delete manifest[key];
  writeFileSync(join(stage, 'package.json'), JSON.stringify({ ...manifest, dependencies }, null, 2));
  const packagePath = join(PACKAGES, `lungnb-${target}-${manifest.version}.vsix`);
  await createVSIX({
    cwd: stage,
    packagePath,
    target,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    skipLicense: false,
  });
  rmSync(stage, { recursive: true });
  return packagePath;
}

function copy(path: string, stage: string, filter: (file: string) => boolean): void {
  const to = join(stage, path);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(join(PROJECT, path), to, { recursive: true, filter });
}

/** What a package needs for its own installation alone is not part of it any more. */
function forgetInstallation(file: string): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const needed = Object.entries(manifest.dependencies ?? {}).filter(([name]) => RUNTIME_PACKAGES.includes(name));
  for (const key of ['scripts', 'optionalDependencies', 'devDependencies']) delete manifest[key];
  writeFileSync(file, JSON.stringify({ ...manifest, dependencies: Object.fromEntries(needed) }, null, 2));
}

/** Of a runtime package: its code, and of ONNX Runtime the binary of one platform. */
function isNeeded(file: string, platform: string, arch: string): boolean {
  const path = file.slice(PROJECT.length + 1).replaceAll('\\', '/');
  if (/\.(map|ts|md|mjs\.map)$/.test(path) || /\/(test|tests|benchmark|examples|docs|script|src)(\/|$)/.test(path))
    return false;
  // npm packs what is a link to it as a second copy.
  if (/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(path)) return false;
  const binary = /onnxruntime-node\/bin\/napi-v6\/([^/]+)(?:\/([^/]+))?/.exec(path);
  return !binary || (binary[1] === platform && (binary[2] === undefined || binary[2] === arch));
}

/** Programs for one platform are those of ONNX Runtime, and there are some. */
function refuseForeignBinaries(stage: string, platform: string, arch: string): void {
  const programs = readdirSync(stage, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(node|dll|dylib|so(\.\d+)*)$/.test(path));
  const own = `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/`;
  const foreign = programs.filter((path) => !path.startsWith(own));
  if (foreign.length || programs.length === 0)
    throw new Error(
      `The package for ${platform}-${arch} ${foreign.length ? `holds ${foreign.join(', ')}` : 'has no ONNX Runtime'}.`,
    );
}

function versionOf(name: string): string {
  const file = join(PROJECT, 'node_modules', name, 'package.json');
  if (!existsSync(file)) throw new Error(`${name} is not installed: run npm ci.`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
