/** Whether the screen is touched, by finger or pen, and no mouse is the first choice. */
const COARSE = matchMedia('(hover: none)');

export function isTouched(): boolean {
  return COARSE.matches;
}
