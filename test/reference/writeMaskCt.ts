/** Writes the small CT that givenMasks.py draws masks on: `node writeMaskCt.ts FOLDER`. */
import { asymmetricVolume, writeSeries } from '../unit/ct/helpers.ts';

writeSeries(process.argv[2]!, asymmetricVolume(20, 16, 24), 'MASKS');
