/** All verbs, by name. A new verb is one new file and one line here. */
import { agree } from './agree/agree.ts';
import { change } from './change/change.ts';
import { derive } from './derive.ts';
import { describe } from './describe.ts';
import { exclude } from './exclude.ts';
import { exportVerb } from './export/export.ts';
import { filter } from './filter.ts';
import { flow } from './flow.ts';
import { indexVerb } from './indices/indexVerb.ts';
import { join } from './join.ts';
import { load } from './load/load.ts';
import { measure } from './measure.ts';
import { param } from './param.ts';
import { plan } from './plan/plan.ts';
import { plot } from './plot/plot.ts';
import { profile } from './profile.ts';
import { quantify } from './quantify/quantify.ts';
import { read } from './read/read.ts';
import { relate } from './relate/relate.ts';
import { repeat } from './repeat/repeat.ts';
import { score } from './score.ts';
import { show } from './show.ts';
import { summarise } from './summarise/summarise.ts';
import { trap } from './trap/trap.ts';
import type { Verb } from './verb.ts';

export const VERBS: ReadonlyMap<string, Verb> = new Map(
  [
    load,
    describe,
    quantify,
    show,
    measure,
    read,
    score,
    indexVerb,
    profile,
    agree,
    change,
    repeat,
    relate,
    trap,
    summarise,
    plan,
    plot,
    join,
    filter,
    derive,
    exclude,
    flow,
    param,
    exportVerb,
  ].map((verb) => [verb.name, verb]),
);
