/** Plotly's traces and layouts as they come: plain JSON whose parts nobody has checked. */
export type Plain = Readonly<Record<string, unknown>>;

/** What an object holds; nothing where the value is none. */
export function plain(value: unknown): Plain {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
