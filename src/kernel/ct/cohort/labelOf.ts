/** How folders and files name patients. */

/** A folder's or file's name without the endings that say its format. */
export function labelOf(name: string): string {
  return name.replace(/\.(zip|dcm|nii|hdr|nrrd|nhdr|mha|mhd)?(\.gz)?$/i, '') || name;
}
