/** The licences of the packages whose code ships, which most of them want to go with every copy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Folders of the packages that went into the bundles in `folder`, as their source maps tell. */
export function packagesIn(folder: string): string[] {
  const maps = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.map'));
  const found = maps.flatMap((name) => {
    const map = join(folder, name);
    const { sources } = JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: readonly string[] };
    return sources.map((source) => packageOf(resolve(dirname(map), source).replaceAll('\\', '/')));
  });
  return [...new Set(found)].filter((one) => one !== undefined).sort();
}

/** The innermost that is on disk: of what a package was bundled from, it has the names alone. */
function packageOf(source: string): string | undefined {
  return [...source.matchAll(/\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/g)]
    .map(({ 0: last, index }) => source.slice(0, index + last.length))
    .findLast((folder) => existsSync(join(folder, 'package.json')));
}

/** A text with the licence of each package, one that several have once; throws where a package says nothing of a licence. */
export function noticesOf(packages: readonly string[]): string {
  const notices = packages.map(noticeOf).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const sections = [...Map.groupBy(notices, ({ text }) => text)].map(([text, own]) =>
    [[...new Set(own.map(({ name }) => name))].join('\n'), text].filter(Boolean).join('\n\n'),
  );
  return ['LungNB contains code of these packages, each under its own licence.', ...sections].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

function noticeOf(folder: string): { readonly name: string; readonly text: string } {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)([.-].*)?$/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (license === undefined && texts.length === 0)
    throw new Error(`The package ${name} says nothing of its licence: look for it before it ships.`);
  return { name: `${name} ${version}${license === undefined ? '' : ` (${license})`}`, text: texts.join('\n\n') };
}
