import { z } from 'zod';
import { ToolError } from '../../domain/errors.ts';
import type { Plan } from '../../domain/plan.ts';
import type { PlannedOutput, PlannedOutputs } from '../../domain/planned-output.ts';
import { canonical } from '../canonical.ts';
import { parseToolJson } from '../json.ts';
import { outputSchema } from './output-schema.ts';
import {
  containsTrue,
  type HashValue,
  plannedResourceSchema,
  readResource,
} from './plan-resource.ts';

/** The tree of a state; only what tells whether anything is managed in it. */
const moduleSchema = z.object({
  resources: z.array(z.object({ mode: z.string() })).optional(),
  get child_modules() {
    return z.array(moduleSchema).optional();
  },
});

type StateModule = z.infer<typeof moduleSchema>;

/** https://developer.hashicorp.com/terraform/internals/json-format#plan-representation */
const planSchema = z.object({
  format_version: z.string(),
  errored: z.boolean().optional(),
  resource_changes: z.array(plannedResourceSchema).optional(),
  output_changes: z
    .record(
      z.string(),
      z.object({
        actions: z.array(z.string()),
        after: z.unknown().optional(),
        after_unknown: z.unknown().optional(),
      }),
    )
    .optional(),
  planned_values: z
    .object({
      outputs: z.record(z.string(), outputSchema).optional(),
    })
    .optional(),
  prior_state: z
    .object({ values: z.object({ root_module: moduleSchema.optional() }).optional() })
    .optional(),
  checks: z
    .array(
      z.object({
        address: z.object({ to_display: z.string() }),
        status: z.string(),
      }),
    )
    .optional(),
});

type RawPlan = z.infer<typeof planSchema>;

export function showPlanArgs(planFile: string): string[] {
  return ['show', '-json', '-no-color', planFile];
}

export interface ReadPlan {
  readonly plan: Plan;
  /** With values: for those who are planned on them, never for a record. */
  readonly outputs: PlannedOutputs;
}

/** Reads `terraform show -json` of a saved plan that has something to apply. A plan that cannot be relied on is a `ToolError`. */
export function parsePlan(text: string, hash: HashValue): ReadPlan {
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
  const outputs = plannedOutputs(plan);
  const names = Object.keys(outputs).sort();
  return {
    outputs,
    plan: {
      isEmpty: false,
      resources: (plan.resource_changes ?? []).flatMap((raw) => readResource(raw, hash)),
      outputs: names,
      knownOutputs: Object.fromEntries(
        Object.entries(outputs).flatMap(([name, planned]) => {
          if (planned.kind === 'unknown') return [];
          const value = planned.kind === 'known' ? planned.output.value : null;
          return [[name, hash(`output\0${name}\0${canonical(value)}`)]];
        }),
      ),
      // The mere presence of prior_state proves nothing: it holds known outputs and read data sources.
      isNew: !holdsManaged(plan.prior_state?.values?.root_module),
      failedChecks: (plan.checks ?? [])
        .filter((check) => check.status === 'fail' || check.status === 'error')
        // What its author says there may hold values: it stands in the log.
        .map((check) => `${check.address.to_display} does not hold`),
    },
  };
}

function holdsManaged(module: StateModule | undefined): boolean {
  if (module === undefined) return false;
  const own = (module.resources ?? []).some(({ mode }) => mode === 'managed');
  return own || (module.child_modules ?? []).some(holdsManaged);
}

/** The type of an output stands with its value, and only where the whole value is known. */
function plannedOutputs(plan: RawPlan): PlannedOutputs {
  const changed = Object.entries(plan.output_changes ?? {}).filter(([, { actions }]) =>
    actions.some((action) => action !== 'no-op'),
  );
  return Object.fromEntries(
    changed.map(([name, { after, after_unknown }]): [string, PlannedOutput] => {
      const planned = plan.planned_values?.outputs?.[name];
      const isUnknown = containsTrue(after_unknown);
      // A state has no place for an output that is null.
      if (!isUnknown && after === null) return [name, { kind: 'removed' }];
      if (isUnknown || planned?.type === undefined) return [name, { kind: 'unknown' }];
      const { sensitive = false, type, value } = planned;
      return [name, { kind: 'known', output: { sensitive, type, value } }];
    }),
  );
}
