/** Stands in a page's bundle for whatever verbs import when they are asked for it: forms that need CTs or files. */
import { absent } from './absent.ts';

absent();
