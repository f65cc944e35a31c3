/** Whether the process that made a folder still lives: told by its start as well, since process ids are given again. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, platform } from 'node:os';

/** Part of a folder's name: the place (computer and container), the process id, and the process's start. */
export const OWNER_PATTERN = /^([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-/;

/** This process, as `OWNER_PATTERN` reads it. */
export function ownerName(): string {
  return `${hostDigest()}-${process.pid}-${short(startOf(process.pid) ?? '')}-`;
}

/** Undefined where it cannot be told from here: the process is on another computer or in another container, or the name is none. */
export function isAlive(name: string): boolean | undefined {
  const [, place, pid, start] = OWNER_PATTERN.exec(name) ?? [];
  if (place !== hostDigest()) return undefined;
  const now = startOf(Number(pid));
  return now !== undefined && short(now) === start;
}

/** Computer and container: process ids of another one say nothing here. */
function hostDigest(): string {
  return short(`${hostname()} ${orNothing(() => readlinkSync('/proc/self/ns/pid'))}`);
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** When a process began, in a text that no other process with its number shares; undefined where there is none. */
function startOf(pid: number): string | undefined {
  if (platform() === 'linux') return startOnLinux(pid);
  if (platform() === 'darwin')
    return (
      orNothing(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()) ||
      undefined
    );
  // Windows keeps the start to itself: a folder whose number was given again stays until that process ends.
  return orNothing(() => process.kill(pid, 0)) === undefined ? undefined : 'running';
}

/** Field 22 of /proc/PID/stat counts from the computer's start, which has an id. The second field may hold blanks and brackets. */
function startOnLinux(pid: number): string | undefined {
  const stat = orNothing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended, and only waits for being counted.
  if (state === 'Z') return undefined;
  return `${orNothing(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))} ${fields[18]}`;
}

/** Undefined where the system says no: there is no such process, or nobody may look. */
function orNothing<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
