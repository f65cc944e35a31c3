/** What networks can run on, as users name it: the setting `lungnb.device`, and `--device` on the command line. */
export const DEVICES = ['cpu', 'cuda', 'directml', 'coreml', 'auto'] as const;
export type Device = (typeof DEVICES)[number];
