import { z } from 'zod';
import type { ResourceAction, ResourceChange, ShownValue } from '../../domain/plan.ts';
import { SHOWN_VALUES } from '../../domain/shown-values.ts';
import { canonical } from '../canonical.ts';

/** https://developer.hashicorp.com/terraform/internals/json-format#change-representation */
const changeSchema = z.object({
  actions: z.array(z.enum(['no-op', 'create', 'read', 'update', 'delete', 'forget'])),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
  replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
  importing: z.object({}).nullish(),
});

type Change = z.infer<typeof changeSchema>;

export const plannedResourceSchema = z.object({
  address: z.string(),
  mode: z.string(),
  type: z.string(),
  deposed: z.string().optional(),
  previous_address: z.string().optional(),
  action_reason: z.string().optional(),
  change: changeSchema,
});

export type PlannedResource = z.infer<typeof plannedResourceSchema>;

/** Keyed, so that nobody can find a value by trying; the key never leaves the private record. */
export type HashValue = (text: string) => string;

/** Nothing for data sources and for what does not change. */
export function readResource(raw: PlannedResource, hash: HashValue): ResourceChange[] {
  if (raw.mode === 'data') return [];
  const actions = actionsOf(raw);
  if (actions.length === 0) return [];
  const [first] = raw.change.actions;
  const attributes = changedAttributes(raw.change);
  const address =
    raw.deposed === undefined ? raw.address : `${raw.address} (deposed ${raw.deposed})`;
  return [
    {
      address,
      type: raw.type,
      actions,
      ...(actions.includes('replace')
        ? { order: first === 'create' ? ('create-first' as const) : ('destroy-first' as const) }
        : {}),
      forcedBy: (raw.change.replace_paths ?? []).map(pathText),
      attributes,
      known: knownValues(address, raw.change, attributes, hash),
      ...(raw.action_reason === undefined ? {} : { reason: raw.action_reason }),
      values: shownValues(raw.type, raw.change),
    },
  ];
}

function actionsOf(raw: PlannedResource): ResourceAction[] {
  const actions: ResourceAction[] = [];
  const has = (name: Change['actions'][number]) => raw.change.actions.includes(name);
  if (has('create') && has('delete')) actions.push('replace');
  else if (has('delete')) actions.push('delete');
  if (has('forget')) actions.push('forget');
  if (has('create') && !has('delete')) actions.push('create');
  if (has('update')) actions.push('update');
  if (raw.change.importing) actions.push('import');
  if (raw.previous_address !== undefined) actions.push('move');
  return actions;
}

function changedAttributes(change: Change): string[] {
  const before = asObject(change.before);
  const after = asObject(change.after);
  const unknown = asObject(change.after_unknown);
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  return [...names]
    .filter((name) => {
      const isUnknown = containsTrue(unknown[name]);
      return isUnknown || canonical(before[name]) !== canonical(after[name]);
    })
    .sort();
}

function knownValues(
  address: string,
  change: Change,
  attributes: readonly string[],
  hash: HashValue,
): Record<string, string> {
  // Nothing stays of what is deleted.
  if (change.after === null || change.after === undefined) return {};
  const after = asObject(change.after);
  const unknown = asObject(change.after_unknown);
  const known = attributes.filter((name) => !containsTrue(unknown[name]));
  return Object.fromEntries(
    known.map((name) => [name, hash(`${address}\0${name}\0${canonical(after[name])}`)]),
  );
}

function shownValues(type: string, change: Change): ShownValue[] {
  const before = asObject(change.before);
  const after = asObject(change.after);
  const unknown = asObject(change.after_unknown);
  if (change.before === null || change.after === null) return [];
  if (change.before_sensitive === true || change.after_sensitive === true) return [];
  return (SHOWN_VALUES[type] ?? []).flatMap((attribute) => {
    const sensitive =
      containsTrue(asObject(change.before_sensitive)[attribute]) ||
      containsTrue(asObject(change.after_sensitive)[attribute]);
    const from = valueText(before[attribute]);
    const to = containsTrue(unknown[attribute]) ? '(known later)' : valueText(after[attribute]);
    return sensitive || from === to ? [] : [{ attribute, before: from, after: to }];
  });
}

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Sensitivity and unknownness come as `true` at any depth. */
export function containsTrue(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsTrue);
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
