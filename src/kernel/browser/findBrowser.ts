/** The Chromium, Chrome or Edge that is there: the one that is named, or one at its usual name or place. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { UserError } from '../base/userError.ts';

/** Names the browser where no option does. */
export const BROWSER_VARIABLE = 'LUNGNB_BROWSER';

export interface BrowserPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Whether there is a program at the path. */
  readonly isThere: (path: string) => boolean;
}

const NAMES: readonly string[] = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const HERE: BrowserPlaces = { platform: process.platform, env: process.env, isThere: isProgram };

/**
 * The path of a browser. `named` is what an option or a setting says: a path, or a name on the search path; it comes
 * before the environment. Throws a UserError that says what to do where none is there.
 */
export function findBrowser(named: string | undefined, places: BrowserPlaces = HERE): string {
  const wanted = named || places.env[BROWSER_VARIABLE];
  if (!wanted) {
    const found = usualPlaces(places).find(places.isThere);
    if (found) return found;
    throw new UserError(
      'no-browser',
      `Chromium, Chrome or Edge is needed to draw it, and none was found. Install one of them, or name yours by \`--browser PATH\`, the setting \`lungnb.browser\` or the environment variable ${BROWSER_VARIABLE}.`,
    );
  }
  const found = (isAbsolute(wanted) ? [wanted] : [...onSearchPath([wanted], places), wanted]).find(places.isThere);
  if (found) return found;
  const by = named ? 'The browser that was named' : `The browser that ${BROWSER_VARIABLE} names`;
  throw new UserError(
    'no-browser',
    `${by} is not there, or is no program. Name the program of Chromium, Chrome or Edge itself, or name none to have it looked for.`,
  );
}

function usualPlaces(places: BrowserPlaces): string[] {
  const { platform, env } = places;
  if (platform === 'win32') return inProgramFolders(env);
  const applications =
    platform === 'darwin'
      ? ['/Applications', ...(env.HOME ? [join(env.HOME, 'Applications')] : [])].flatMap((folder) =>
          ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
        )
      : [];
  const fixed = ['/usr/bin', '/snap/bin', '/usr/local/bin'].flatMap((folder) =>
    NAMES.map((name) => `${folder}/${name}`),
  );
  return [...applications, ...onSearchPath(NAMES, places), ...fixed, '/opt/google/chrome/chrome'];
}

function inProgramFolders(env: NodeJS.ProcessEnv): string[] {
  const folders = [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA].filter(
    (folder) => folder !== undefined,
  );
  return [
    'Google\\Chrome\\Application\\chrome.exe',
    'Chromium\\Application\\chrome.exe',
    'Microsoft\\Edge\\Application\\msedge.exe',
  ].flatMap((program) => folders.map((folder) => `${folder}\\${program}`));
}

function onSearchPath(names: readonly string[], { env, platform }: BrowserPlaces): string[] {
  const endings = platform === 'win32' ? ['', '.exe'] : [''];
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // What cannot be looked at cannot be started either.
    return false;
  }
}
