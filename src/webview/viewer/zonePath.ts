/** Borders of zones as lines between pixels, so that they are as thin where slices are far apart as within a slice. */

/** As the path of an SVG, in pixels of the slice; where lung ends its own border is seen. */
export function zonePath(zones: Uint8Array, width: number): string {
  const height = zones.length / width;
  const parts: string[] = [];
  const isBorder = (a: number, b: number) => zones[a] !== zones[b] && zones[a] !== 0 && zones[b] !== 0;
  for (let y = 1; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = x;
      while (x < width && isBorder((y - 1) * width + x, y * width + x)) x++;
      if (x > from) parts.push(`M${from} ${y}H${x}`);
    }
  for (let x = 1; x < width; x++)
    for (let y = 0; y < height; y++) {
      const from = y;
      while (y < height && isBorder(y * width + x - 1, y * width + x)) y++;
      if (y > from) parts.push(`M${x} ${from}V${y}`);
    }
  return parts.join('');
}
