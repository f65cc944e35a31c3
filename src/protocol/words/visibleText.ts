/**
 * Makes what a terminal or a log would obey visible instead: control characters and escape sequences (ECMA-48), marks
 * that turn the direction of writing (UAX #9), characters of no width, separators of lines and halves of characters.
 * Texts from DICOM, tables, names of files, manifests and servers hold what others put there.
 */

/** C0 and C1 controls and DEL; invisible and direction marks; separators; tags; with the flag u, surrogates are those without their other half. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;
const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '␡';

/** One line: line breaks and tabs are made visible, too. For names, labels, cells and notifications. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, shown);
}

/** Lines stay lines. For messages and tables of ours as a whole. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\n' ? character : shown(character)));
}

/** The control picture of Unicode (␛), where there is one; else the number, `\u{202e}`. */
function shown(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
  return code === DELETE ? DELETE_PICTURE : `\\u{${code.toString(16)}}`;
}
