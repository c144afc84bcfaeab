import { z } from 'zod';
import { ToolError } from '../../domain/errors.ts';
import type { Plan, ResourceAction, ResourceChange, ShownValue } from '../../domain/plan.ts';
import { SHOWN_VALUES } from '../../domain/shown-values.ts';
import { parseToolJson } from '../json.ts';

/** https://developer.hashicorp.com/terraform/internals/json-format */
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

/** The tree of a state; only what tells whether anything is managed in it. */
const moduleSchema = z.object({
  resources: z.array(z.object({ mode: z.string() })).optional(),
  get child_modules() {
    return z.array(moduleSchema).optional();
  },
});

type StateModule = z.infer<typeof moduleSchema>;

function holdsManaged(module: StateModule | undefined): boolean {
  if (module === undefined) return false;
  const own = (module.resources ?? []).some(({ mode }) => mode === 'managed');
  return own || (module.child_modules ?? []).some(holdsManaged);
}

const planSchema = z.object({
  format_version: z.string(),
  errored: z.boolean().optional(),
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        mode: z.string(),
        type: z.string(),
        deposed: z.string().optional(),
        previous_address: z.string().optional(),
        action_reason: z.string().optional(),
        change: changeSchema,
      }),
    )
    .optional(),
  output_changes: z.record(z.string(), z.object({ actions: z.array(z.string()) })).optional(),
  prior_state: z
    .object({ values: z.object({ root_module: moduleSchema.optional() }).optional() })
    .optional(),
  checks: z
    .array(
      z.object({
        address: z.object({ to_display: z.string() }),
        status: z.string(),
        instances: z
          .array(z.object({ problems: z.array(z.object({ message: z.string() })).optional() }))
          .optional(),
      }),
    )
    .optional(),
});

export function showPlanArgs(planFile: string): string[] {
  return ['show', '-json', '-no-color', planFile];
}

/** Reads `terraform show -json` of a saved plan that has something to apply. A plan that cannot be relied on is a `ToolError`. */
export function parsePlan(text: string): Plan {
  const plan = parseToolJson(planSchema, text, 'terraform show');
  // A new major format may mean anything; Terraform promises that a minor one only adds.
  if (!plan.format_version.startsWith('1.')) {
    throw new ToolError({
      what: `terraform wrote a plan of the unknown format "${plan.format_version}"`,
      next: 'use the version of Terraform in .tool-versions',
    });
  }
  if (plan.errored === true) {
    throw new ToolError({ what: 'the plan is marked as errored', next: 'plan again' });
  }
  return {
    isEmpty: false,
    resources: (plan.resource_changes ?? []).flatMap(readResource),
    outputs: Object.entries(plan.output_changes ?? {})
      .filter(([, change]) => change.actions.some((action) => action !== 'no-op'))
      .map(([name]) => name)
      .sort(),
    // The mere presence of prior_state proves nothing: it holds known outputs and read data sources.
    isNew: !holdsManaged(plan.prior_state?.values?.root_module),
    failedChecks: (plan.checks ?? [])
      .filter((check) => check.status === 'fail' || check.status === 'error')
      .map((check) => {
        const problems = (check.instances ?? []).flatMap((instance) => instance.problems ?? []);
        return `${check.address.to_display}: ${problems[0]?.message ?? check.status}`;
      }),
  };
}

type RawResource = NonNullable<z.infer<typeof planSchema>['resource_changes']>[number];

function readResource(raw: RawResource): ResourceChange[] {
  if (raw.mode === 'data') return [];
  const actions = actionsOf(raw);
  if (actions.length === 0) return [];
  const [first] = raw.change.actions;
  return [
    {
      address: raw.deposed === undefined ? raw.address : `${raw.address} (deposed ${raw.deposed})`,
      type: raw.type,
      actions,
      ...(actions.includes('replace')
        ? { order: first === 'create' ? ('create-first' as const) : ('destroy-first' as const) }
        : {}),
      forcedBy: (raw.change.replace_paths ?? []).map(pathText),
      attributes: changedAttributes(raw.change),
      ...(raw.action_reason === undefined ? {} : { reason: raw.action_reason }),
      values: shownValues(raw.type, raw.change),
    },
  ];
}

function actionsOf(raw: RawResource): ResourceAction[] {
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
      const isUnknown = unknown[name] !== undefined && containsTrue(unknown[name]);
      return isUnknown || JSON.stringify(before[name]) !== JSON.stringify(after[name]);
    })
    .sort();
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
function containsTrue(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(containsTrue);
}

function valueText(value: unknown): string {
  if (value === undefined || value === null) return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
