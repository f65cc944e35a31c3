/**
 * Where the borders between the lobes of each lung run: in a band around those of the network a random walker (Grady,
 * IEEE PAMI 2006) finds the border that crosses as little lung as possible, sheets of higher density being nearly free
 * to cross.
 */
import { LOBES, LUNGS } from '../../protocol/names.ts';
import type { GridSize } from '../ct/geometry/volume.ts';
import { sheetness } from './sheetness.ts';

/** Sheetness at which a voxel is half as open to the walker: in multiples of the band's median, and at least. */
const HALF_OPEN = 0.8;
const MIN_HALF_OPEN = 3;
const SWEEPS = 200;
/** Over-relaxation of the Gauss–Seidel sweeps. */
const RELAXATION = 1.85;

/** The labels of each lung's lobes. */
const LOBES_OF_LUNGS = Object.values(LUNGS).map((lobes) => lobes.map((lobe) => LOBES.indexOf(lobe) + 1));
/** By label: which lung it is of, from 1 on; 0 of none. */
const LUNG_OF_LABEL = Uint8Array.from(
  { length: LOBES.length + 1 },
  (_, label) => LOBES_OF_LUNGS.findIndex((lung) => lung.includes(label)) + 1,
);

/** Lungs to be walked, in z, y, x order. */
export interface WalkedLungs {
  readonly size: GridSize;
  readonly hu: Float32Array;
  /** 1–5 in the order of LOBES. */
  readonly labels: Uint8Array;
  /** How many voxels from a border of `labels` the walker goes. */
  readonly reach: number;
}

/** Voxels near a border, and for each lobe its probability in each of them. */
export interface Walked {
  readonly band: Int32Array;
  readonly probabilities: readonly Float32Array[];
}

/** The band is empty where no two lobes of a lung meet. */
export function walkFissures({ size, hu, labels, reach }: WalkedLungs): Walked {
  const band = bordersOf(labels, size, reach);
  if (band.length === 0) return { band, probabilities: [] };
  const open = openness(sheetness(hu, labels, size, band));
  return { band, probabilities: walk(labels, size, band, open) };
}

/** Of two labels of lobes, one of which may be 0: asked of every voxel around a border. */
export function sameLung(one: number, other: number): boolean {
  return LUNG_OF_LABEL[one] === LUNG_OF_LABEL[other];
}

/** Indices of lung voxels within `reach` steps through the lung of a border between two lobes of one lung. */
function bordersOf(labels: Uint8Array, [nx, ny, nz]: GridSize, reach: number): Int32Array {
  const steps = [1, -1, nx, -nx, nx * ny, -nx * ny];
  const seen = new Uint8Array(labels.length);
  let front: number[] = [];
  const isInner = (v: number) => {
    const [i, j, k] = [v % nx, Math.floor(v / nx) % ny, Math.floor(v / (nx * ny))];
    return i > 0 && j > 0 && k > 0 && i < nx - 1 && j < ny - 1 && k < nz - 1;
  };
  for (let v = 0; v < labels.length; v++)
    if (
      labels[v] &&
      isInner(v) &&
      steps.some((s) => labels[v + s] !== labels[v] && sameLung(labels[v]!, labels[v + s]!))
    ) {
      seen[v] = 1;
      front.push(v);
    }
  const found = [...front];
  for (let step = 0; step < reach; step++) {
    const next: number[] = [];
    for (const v of front)
      for (const s of steps) {
        const near = v + s;
        if (seen[near] || !labels[near] || !sameLung(labels[v]!, labels[near]!) || !isInner(near)) continue;
        seen[near] = 1;
        next.push(near);
        found.push(near);
      }
    front = next;
  }
  return Int32Array.from(found).sort();
}

/** How easily a walker enters a voxel, 0–1, from its sheetness. */
function openness(sheets: Float32Array): Float32Array {
  const positive = sheets.filter((s) => s > 0).sort();
  const scale = Math.max(MIN_HALF_OPEN, HALF_OPEN * (positive[positive.length >> 1] ?? 0));
  return sheets.map((s) => 1 / (1 + (s / scale) ** 4) + 1e-3);
}

/** Of the six neighbours of each voxel of the band: their place in it, or −1, and how easily the walker goes there. */
interface Steps {
  readonly neighbours: Int32Array;
  readonly conductance: Float32Array;
}

/**
 * For each lobe, the probability that a walker from each voxel of the band leaves the band in that lobe: the solution
 * of a Laplace equation, by Gauss–Seidel sweeps to and fro. What is left to 1 is that of a lung's last lobe.
 */
function walk(labels: Uint8Array, [nx, ny]: GridSize, band: Int32Array, open: Float32Array): Float32Array[] {
  const place = placesOf(band, labels.length);
  const steps = [1, -1, nx, -nx, nx * ny, -nx * ny];
  const neighbours = new Int32Array(band.length * 6);
  const conductance = new Float32Array(band.length * 6);
  for (let b = 0; b < band.length; b++) {
    const v = band[b]!;
    let total = 0;
    for (let s = 0, at = b * 6; s < 6; s++, at++) {
      const near = v + steps[s]!;
      const other = place[near]!;
      neighbours[at] = other;
      if (!sameLung(labels[v]!, labels[near]!)) continue;
      conductance[at] = other < 0 ? open[b]! : Math.min(open[b]!, open[other]!);
      total += conductance[at]!;
    }
    for (let at = b * 6; at < b * 6 + 6 && total > 0; at++) conductance[at]! /= total;
  }
  const leaving = LOBES.map((_, l) => Float32Array.from(band, (v) => (labels[v] === l + 1 ? 1 : 0)));
  for (const lung of LOBES_OF_LUNGS) {
    const own = Int32Array.from(band.keys()).filter((b) => lung.includes(labels[band[b]!]!));
    const solved = lung.slice(0, -1).map((lobe) => leaving[lobe - 1]!);
    for (const [n, p] of solved.entries()) {
      // What comes from neighbours outside the band never changes.
      const fixed = Float32Array.from(band, (v, b) => {
        let sum = 0;
        for (let s = 0; s < 6; s++)
          if (neighbours[b * 6 + s]! < 0 && labels[v + steps[s]!] === lung[n]) sum += conductance[b * 6 + s]!;
        return sum;
      });
      sweep(p, own, fixed, { neighbours, conductance });
    }
    const last = leaving[lung.at(-1)! - 1]!;
    for (const b of own) last[b] = solved.reduce((rest, p) => rest - p[b]!, 1);
  }
  return leaving;
}

/** Sweeps over the band's places in `own`, until what each has is nearly the mean of what its neighbours have. */
function sweep(p: Float32Array, own: Int32Array, fixed: Float32Array, steps: Steps): void {
  const { values, added, neighbours, conductance } = together(p, own, fixed, steps);
  for (let round = 0; round < SWEEPS; round++)
    for (let n = 0; n < own.length; n++) {
      const v = round % 2 ? own.length - 1 - n : n;
      const s = v * 6;
      const sum =
        added[v]! +
        conductance[s]! * values[neighbours[s]!]! +
        conductance[s + 1]! * values[neighbours[s + 1]!]! +
        conductance[s + 2]! * values[neighbours[s + 2]!]! +
        conductance[s + 3]! * values[neighbours[s + 3]!]! +
        conductance[s + 4]! * values[neighbours[s + 4]!]! +
        conductance[s + 5]! * values[neighbours[s + 5]!]!;
      values[v] = values[v]! + RELAXATION * (sum - values[v]!);
    }
  for (let n = 0; n < own.length; n++) p[own[n]!] = values[n]!;
}

/** What a sweep reads of the places in `own`, side by side; all other places are one more at the end, and stay 0. */
function together(p: Float32Array, own: Int32Array, fixed: Float32Array, steps: Steps) {
  const place = new Int32Array(p.length).fill(own.length);
  const values = new Float32Array(own.length + 1);
  const added = new Float32Array(own.length);
  for (let n = 0; n < own.length; n++) {
    place[own[n]!] = n;
    values[n] = p[own[n]!]!;
    added[n] = fixed[own[n]!]!;
  }
  const neighbours = new Int32Array(own.length * 6).fill(own.length);
  const conductance = new Float32Array(own.length * 6);
  for (let n = 0; n < own.length; n++)
    for (let s = 0; s < 6; s++) {
      const from = own[n]! * 6 + s;
      conductance[n * 6 + s] = steps.conductance[from]!;
      if (steps.neighbours[from]! >= 0) neighbours[n * 6 + s] = place[steps.neighbours[from]!]!;
    }
  return { values, added, neighbours, conductance };
}

/** Each voxel's place in the band, or −1. */
export function placesOf(band: Int32Array, voxels: number): Int32Array {
  const place = new Int32Array(voxels).fill(-1);
  for (let b = 0; b < band.length; b++) place[band[b]!] = b;
  return place;
}
