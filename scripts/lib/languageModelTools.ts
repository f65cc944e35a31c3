/** The tools of language models as package.json announces them, made from what the methods declare. */
import * as z from 'zod/mini';
import { AGENT_TOOLS, type AgentMethod, NOTEBOOK_PARAMETER } from '../../src/protocol/serving/agentTools.ts';
import { PARAMETERS } from '../../src/protocol/serving/methods.ts';

export function languageModelTools(): object[] {
  return Object.entries(AGENT_TOOLS).map(([method, { name, title, description }]) => ({
    name,
    displayName: `LungNB: ${title}`,
    toolReferenceName: name.replace('lungnb_', 'lungnb-').replaceAll('_', '-'),
    canBeReferencedInPrompt: true,
    userDescription: title,
    modelDescription: `${description} Patients appear under pseudonyms, which may be used like names of patients.`,
    tags: ['lungnb'],
    // SAFETY: the keys of AGENT_TOOLS.
    inputSchema: inputSchema(method as AgentMethod),
  }));
}

function inputSchema(method: AgentMethod): object {
  const { $schema: _, ...schema } = z.toJSONSchema(PARAMETERS[method]);
  const { name, description } = NOTEBOOK_PARAMETER;
  return withoutBounds({
    ...schema,
    properties: { ...schema.properties, [name]: { type: 'string', description } },
  });
}

/** Every whole number is within what a number can hold exactly, which tells a model nothing. */
function withoutBounds<T>(json: T): T {
  // SAFETY: only fields that nobody needs are left out.
  return JSON.parse(
    JSON.stringify(json, (key, value) =>
      (key === 'maximum' || key === 'minimum') && Math.abs(value) === Number.MAX_SAFE_INTEGER ? undefined : value,
    ),
  ) as T;
}
