/** Writes drawing.json, what the drawing in torch takes from the phantom: node models/training/exportDrawing.ts */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { phantomDrawing } from './drawing.ts';

writeFileSync(join(import.meta.dirname, 'drawing.json'), `${JSON.stringify(phantomDrawing())}\n`);
