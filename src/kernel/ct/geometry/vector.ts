/** Vectors in the patient's space: x, y, z in LPS. */

/** The tags that place a slice; both have to be there. */
export interface PlacedInSpace {
  readonly orientation?: readonly number[] | undefined;
  readonly position?: readonly number[] | undefined;
}

export function dot(a: readonly number[], b: readonly number[]): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

export function cross(a: readonly number[], b: readonly number[]): [number, number, number] {
  return [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
}

/** The normal of a slice, from ImageOrientationPatient: the directions of its rows and of its columns (PS3.3 C.7.6.2.1.1). */
export function normalOf(orientation: readonly number[]): [number, number, number] {
  return cross(orientation.slice(0, 3), orientation.slice(3, 6));
}

/** Where a slice lies along its own normal, in mm. */
export function alongNormal({ orientation, position }: PlacedInSpace): number {
  return dot(normalOf(orientation!), position!);
}
