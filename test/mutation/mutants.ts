/** Small mistakes in a source's text, as a person would make them: each is a mutant, which some test has to notice. */
import { parseAst } from 'vitest/node';

export interface Mutant {
  /** Place in the text, and what stands there in place of `was`. */
  readonly start: number;
  readonly was: string;
  readonly becomes: string;
}

/** A node of the syntax tree (ESTree), with its place in the text. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

const OTHER_OPERATOR: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '**': '*',
  '+=': '-=',
  '-=': '+=',
};

const OTHER_CALL: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
  'Math.ceil': 'Math.floor',
  'Math.floor': 'Math.ceil',
  'Math.abs': '',
};

/** Calls whose arguments say how a number is shown, not what it is. */
const FORMATTING = /\.(?:toFixed|toPrecision|padStart|padEnd)$/;

/** Mutants of a TypeScript source, in the order of their places. Types, texts and imports have none. */
export function mutantsOf(source: string): Mutant[] {
  const found: Mutant[] = [];
  const textOf = ({ start, end }: Node) => source.slice(start, end);
  const replace = (node: Node, becomes: string) => found.push({ start: node.start, was: textOf(node), becomes });
  /** Changes the operator that stands after `left`. */
  const changeOperator = (left: Node, operator: string) => {
    const becomes = OTHER_OPERATOR[operator];
    if (becomes) found.push({ start: source.indexOf(operator, left.end), was: operator, becomes });
  };
  const visit = (node: Node): void => {
    const part = (name: string) => nodesIn(node[name])[0];
    const operator = String(node.operator);
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
      case 'AssignmentExpression':
        changeOperator(part('left')!, operator);
        break;
      case 'UnaryExpression':
        if (operator === '-' || operator === '!') found.push({ start: node.start, was: operator, becomes: '' });
        break;
      case 'Literal':
        if (typeof node.value === 'number') replace(node, otherNumber(textOf(node)));
        if (typeof node.value === 'boolean') replace(node, String(!node.value));
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (isBareCondition(part('test')!)) replace(part('test')!, `!(${textOf(part('test')!)})`);
        break;
      case 'ReturnStatement':
        if (isList(part('argument'), textOf)) replace(part('argument')!, '[] as never');
        break;
      case 'CallExpression': {
        const callee = textOf(part('callee')!);
        if (callee in OTHER_CALL) replace(part('callee')!, OTHER_CALL[callee]!);
      }
    }
    for (const child of childrenOf(node, textOf)) visit(child);
  };
  for (const program of nodesIn(parseAst(source, { lang: 'ts' }))) visit(program);
  return found.sort((a, b) => a.start - b.start);
}

/** The nodes that a part of a node is: one, a list, or none. */
function nodesIn(part: unknown): Node[] {
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  // SAFETY: objects with a type in the tree are nodes; others hold a literal's text or value.
  return typeof part === 'object' && part !== null && 'type' in part ? [part as Node] : [];
}

/** The parts of a node that run, without those that only format. */
function childrenOf(node: Node, textOf: (node: Node) => string): Node[] {
  const [callee] = nodesIn(node.callee);
  const parts = callee && FORMATTING.test(textOf(callee)) ? [callee] : Object.values(node);
  return parts.flatMap(nodesIn).filter(hasCode);
}

/** Whether a node runs: types do not, but for those that say what an expression is. */
function hasCode({ type }: Node): boolean {
  return !type.startsWith('TS') || /^TS(?:As|NonNull|Satisfies)Expression$/.test(type);
}

/** A condition without an operator of its own, which nothing else would turn round. */
function isBareCondition({ type }: Node): boolean {
  return type === 'Identifier' || type === 'CallExpression' || type === 'MemberExpression';
}

function isList(node: Node | undefined, textOf: (node: Node) => string): boolean {
  if (node?.type === 'ArrayExpression') return nodesIn(node.elements).length > 0;
  return node?.type === 'CallExpression' && /\.(?:map|flatMap|filter)$/.test(textOf(nodesIn(node.callee)[0]!));
}

/** Whole numbers by one, fractions by a fifth: enough to matter, too little to break everything. Of a tolerance, none. */
function otherNumber(number: string): string {
  if (number.includes('e-')) return '0';
  return /^\d+$/.test(number) ? String(Number(number) + 1) : String(Number((Number(number) * 1.2).toPrecision(12)));
}

export function mutated(source: string, { start, was, becomes }: Mutant): string {
  return source.slice(0, start) + becomes + source.slice(start + was.length);
}
