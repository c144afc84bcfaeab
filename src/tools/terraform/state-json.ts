import { z } from 'zod';
import type { UnitState } from '../../domain/unit-state.ts';
import { parseToolJson } from '../json.ts';
import { outputSchema } from './output-schema.ts';

const stateSchema = z.object({
  lineage: z.string().optional(),
  serial: z.number(),
  outputs: z.record(z.string(), outputSchema).optional(),
  resources: z
    .array(z.object({ mode: z.string(), instances: z.array(z.unknown()).optional() }))
    .optional(),
});

/** `terraform state pull`; undefined where no state was ever written. */
export function parseState(stdout: string): UnitState | undefined {
  const json = fromFirstBrace(stdout);
  if (json === '') return undefined;
  const state = parseToolJson(stateSchema, json, 'terraform state pull');
  const managed = (state.resources ?? []).filter(({ mode }) => mode === 'managed');
  const outputs = Object.entries(state.outputs ?? {}).map(
    ([name, { sensitive, type, value }]) =>
      [name, { sensitive: sensitive ?? false, type, value }] as const,
  );
  return {
    lineage: state.lineage ?? '',
    serial: state.serial,
    resources: managed.reduce((sum, { instances }) => sum + (instances?.length ?? 0), 0),
    outputs: Object.fromEntries(outputs),
  };
}

const outputsSchema = z.record(z.string(), outputSchema);

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
