#!/usr/bin/env node
/**
 * `npx lungnb` in a clone. A file that is always there: asked for a command that is not built yet, npm keeps an entry that
 * leads nowhere, and finds nothing after the build either.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installAndBuild } from './bootstrap.mjs';

const command = new URL('../out/kernel/cli.js', import.meta.url);

if (!existsSync(fileURLToPath(command))) await installAndBuild();
await import(command.href);
