import { z } from 'zod';

/**
 * The record of one run, as it stands in `run.json` and as `--json` prints it. Nothing in it is a value
 * of a variable, an output or an attribute, save those of `shown-values.ts`.
 */
const count = z.int().min(0);

const changesSchema = z
  .object({
    add: count,
    change: count,
    destroy: count,
    replace: count,
    import: count,
    move: count,
    forget: count,
    outputs: count,
  })
  .describe('a replacement counts once, under replace');

const actionSchema = z.enum(['create', 'update', 'delete', 'replace', 'import', 'move', 'forget']);

const resourceSchema = z.object({
  address: z.string(),
  type: z.string(),
  actions: z.array(actionSchema),
  order: z.enum(['destroy-first', 'create-first']).optional(),
  forcedBy: z.array(z.string()),
  attributes: z.array(z.string()).describe('names only'),
  known: z
    .record(z.string(), z.string())
    .describe('keyed hashes of new values, by attribute: equal or not, and nothing else'),
  reason: z.string().optional(),
  values: z.array(z.object({ attribute: z.string(), before: z.string(), after: z.string() })),
});

const failureSchema = z.object({
  kind: z.enum(['failed', 'locked', 'identity', 'refused', 'tool', 'unreadable']),
  summary: z.string(),
  address: z.string().optional(),
  next: z.string().optional(),
});

const stepSchema = z.object({
  step: z.string(),
  result: z.enum(['not-started', 'running', 'passed', 'failed', 'interrupted']),
  text: z.string().describe('what holds, or what is missing'),
  acted: z.boolean().describe('it has changed something in the cluster'),
  failure: failureSchema.nullable(),
  startedAt: z.string().nullable(),
  durationMs: z.number(),
});

const refusalSchema = z.object({
  kind: z
    .enum(['bound', 'guard', 'preflight'])
    .describe('bound: not what was planned; guard: not allowed; preflight: cannot work'),
  unit: z.string().describe('empty: the whole run'),
  why: z.string(),
  next: z.string(),
});

const bindingSchema = z
  .object({
    files: z.string().describe('digest of the files that it was made from'),
    lockFile: z.string().nullable().describe('digest of its lock file of providers; null: none'),
    state: z.object({ lineage: z.string(), serial: z.int() }).nullable().describe('null: no state'),
    upstream: z
      .record(z.string(), z.string())
      .describe('keyed hash of the outputs of each unit that it depends on'),
  })
  .describe('what a plan of this unit is bound to');

const unitSchema = z.object({
  unit: z.string(),
  dependencies: z.array(z.string()),
  label: z
    .enum(['exact', 'provisional', 'mocked', 'no-changes', 'unknown'])
    .describe('what the first plan is worth'),
  result: z.enum([
    'planned',
    'applied',
    'unchanged',
    'failed',
    'skipped',
    'excluded',
    'interrupted',
    'not-started',
  ]),
  reason: z.string(),
  blockedBy: z.array(z.string()),
  plannedThrough: z
    .array(z.string())
    .describe('outputs upstream, as unit.output, whose new value it was planned with'),
  pending: z
    .array(z.string())
    .describe(
      'what it was planned without: outputs upstream that will be known later, and the like',
    ),
  isNew: z.boolean(),
  isDeleted: z.boolean().describe('its files are gone: it was planned to go too'),
  isEmpty: z.boolean().describe("Terraform's verdict on the plan: nothing to apply"),
  changes: changesSchema.nullable().describe('null: unknown'),
  resources: z.array(resourceSchema),
  outputs: z.array(z.string()).describe('names of the outputs that change'),
  knownOutputs: z
    .record(z.string(), z.string())
    .describe('of these, known before the apply: keyed hashes of their new values'),
  warnings: z.array(z.string()),
  failure: failureSchema.nullable(),
  done: count.describe('changes that an apply has completed'),
  plan: z
    .object({
      phase: z.enum(['plan', 'through', 'replan']),
      sha256: z.string(),
      inputs: z.string().describe('digest of all that Terragrunt gave to Terraform'),
    })
    .nullable(),
  binding: bindingSchema.nullable(),
  phases: z.array(
    z.object({
      phase: z.enum(['plan', 'through', 'replan', 'apply']),
      startedAt: z.string(),
      durationMs: z.number(),
    }),
  ),
  steps: z.array(stepSchema).describe('what is run and waited for after it, in this order'),
  durationMs: z.number(),
});

export const runRecordSchema = z.object({
  schema: z.literal(1),
  run: z.string(),
  command: z.enum(['plan', 'apply', 'destroy', 'steps']),
  destroy: z.boolean().describe('the plans take everything away'),
  environment: z.string(),
  protected: z.boolean().describe('what holds data is not taken away unasked'),
  arguments: z.array(z.string()).describe('the units that were named; empty: all'),
  choice: z.array(z.string()).describe('flags that chose among them'),
  commit: z.string().nullable(),
  tree: z.string().nullable().describe("git's name for the content of the commit"),
  account: z.string().nullable(),
  region: z.string().nullable(),
  from: z
    .string()
    .nullable()
    .describe('the run whose plans, or whose approval, this run works with'),
  keyId: z.string().describe('which key the hashes were made with'),
  tools: z.record(z.string(), z.string()),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  durationMs: z.number(),
  pid: z.int(),
  interruptedBy: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP']).nullable(),
  declined: z.boolean(),
  refused: z.array(refusalSchema).describe('why nothing at all was applied'),
  exitCode: z.int().nullable().describe('null while the run goes on'),
  units: z.array(unitSchema),
});

export type RunRecord = z.infer<typeof runRecordSchema>;
export type UnitRecord = RunRecord['units'][number];
export type UnitFailure = z.infer<typeof failureSchema>;
export type FailureKind = UnitFailure['kind'];
export type StepRecord = UnitRecord['steps'][number];
export type UnitBinding = NonNullable<UnitRecord['binding']>;
export type Refusal = z.infer<typeof refusalSchema>;
export type Phase = UnitRecord['phases'][number]['phase'];
