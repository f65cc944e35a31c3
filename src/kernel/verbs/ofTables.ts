/**
 * The verbs that compute from tables alone, and so in an HTML page as in the kernel: none of them reads a file or a CT by
 * itself. Forms of theirs that do, such as `on voxels`, are imported when they are asked for, and no page has them; the
 * page's bundle fails where anything else of these verbs asks for what only Node has.
 */
import { agree } from './agree/agree.ts';
import { change } from './change/change.ts';
import { derive } from './derive.ts';
import { describe } from './describe.ts';
import { exclude } from './exclude.ts';
import { filter } from './filter.ts';
import { flow } from './flow.ts';
import { indexVerb } from './indices/indexVerb.ts';
import { join } from './join.ts';
import { param } from './param.ts';
import { plan } from './plan/plan.ts';
import { plot } from './plot/plot.ts';
import { relate } from './relate/relate.ts';
import { repeat } from './repeat/repeat.ts';
import { score } from './score.ts';
import { summarise } from './summarise/summarise.ts';
import type { Verb } from './verb.ts';

export const VERBS_OF_TABLES: ReadonlyMap<string, Verb> = new Map(
  [
    describe,
    score,
    indexVerb,
    agree,
    change,
    repeat,
    relate,
    summarise,
    plan,
    plot,
    join,
    filter,
    derive,
    exclude,
    flow,
    param,
  ].map((verb) => [verb.name, verb]),
);
