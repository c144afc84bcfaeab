import { pyYamlScalar } from './pyyaml-scalar.ts';

/** What a kubeconfig of ours is made of. */
export type Plain = string | readonly (string | Mapping)[] | Mapping;

interface Mapping {
  readonly [key: string]: Plain;
}

/** The document as `yaml.dump(…, default_flow_style=False)` of PyYAML writes it; keys keep their order. */
export function pyYamlDump(document: Mapping): string {
  return `${mappingLines(document, 0)}\n`;
}

const STEP = 2;

function mappingLines(mapping: Mapping, indent: number): string {
  return Object.entries(mapping)
    .map(([key, value]) => `${key}:${afterColon(value, indent, indent + key.length + 2)}`)
    .join(newLine(indent));
}

/** What follows the colon; `column` is where a scalar begins. */
function afterColon(value: Plain, indent: number, column: number): string {
  if (typeof value === 'string') return ` ${pyYamlScalar(value, column, indent + STEP)}`;
  if (isSequence(value)) {
    // A sequence stands no deeper than the key that holds it.
    return value.length === 0 ? ' []' : newLine(indent) + sequenceLines(value, indent);
  }
  if (Object.keys(value).length === 0) return ' {}';
  return newLine(indent + STEP) + mappingLines(value, indent + STEP);
}

function sequenceLines(sequence: readonly (string | Mapping)[], indent: number): string {
  const inside = indent + STEP;
  return sequence
    .map((item) => {
      if (typeof item === 'string') return `- ${pyYamlScalar(item, inside, inside)}`;
      return `- ${mappingLines(item, inside)}`;
    })
    .join(newLine(indent));
}

function isSequence(value: Plain): value is readonly (string | Mapping)[] {
  return Array.isArray(value);
}

function newLine(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}
