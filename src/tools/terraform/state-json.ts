import { z } from 'zod';
import { parseToolJson } from '../json.ts';

const stateSchema = z.object({
  serial: z.number(),
  resources: z
    .array(z.object({ mode: z.string(), instances: z.array(z.unknown()).optional() }))
    .optional(),
});

export interface StateSummary {
  readonly serial: number;
  /** Instances of managed resources. */
  readonly resources: number;
}

/** `terraform state pull`; undefined where no state was ever written. */
export function parseState(stdout: string): StateSummary | undefined {
  const json = fromFirstBrace(stdout);
  if (json === '') return undefined;
  const state = parseToolJson(stateSchema, json, 'terraform state pull');
  const managed = (state.resources ?? []).filter(({ mode }) => mode === 'managed');
  return {
    serial: state.serial,
    resources: managed.reduce((sum, { instances }) => sum + (instances?.length ?? 0), 0),
  };
}

const outputsSchema = z.record(
  z.string(),
  z.object({ sensitive: z.boolean().optional(), value: z.unknown() }),
);

export interface Output {
  readonly name: string;
  readonly sensitive: boolean;
  readonly value: unknown;
}

/** `terraform output -json`. */
export function parseOutputs(stdout: string): Output[] {
  const outputs = parseToolJson(outputsSchema, fromFirstBrace(stdout), 'terraform output');
  return Object.entries(outputs).map(([name, { sensitive, value }]) => ({
    name,
    sensitive: sensitive ?? false,
    value,
  }));
}

/** A hook may print a line before Terraform does. */
function fromFirstBrace(stdout: string): string {
  const start = stdout.search(/^\{/m);
  return start < 0 ? '' : stdout.slice(start);
}
