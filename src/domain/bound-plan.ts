import type { Refusal, RunRecord, UnitBinding, UnitRecord } from './run-record.ts';

/** What a recorded plan is compared with before any of it is applied. */
export interface BoundNow {
  readonly environment: string;
  readonly commit: string | null;
  readonly tools: Readonly<Record<string, string>>;
  readonly account: string | null;
  readonly region: string | null;
  /** By unit; nothing for a unit that does not exist any more. */
  readonly bindings: ReadonlyMap<string, UnitBinding>;
  /** By unit: digest of its plan file; nothing for one that is gone. */
  readonly planFiles: ReadonlyMap<string, string>;
  /** By unit: a later run that applied it. */
  readonly appliedSince: ReadonlyMap<string, string>;
}

/**
 * Why the plans of a recorded run must not be applied: all reasons, before the first apply. A state
 * that was deleted looks like one that was never written, and Terraform accepts a first plan again;
 * so a unit that any run here has applied since is refused too.
 */
export function boundRefusals(run: RunRecord, now: BoundNow): Refusal[] {
  const next = `plan again: platform plan ${now.environment}`;
  const whole = wholeRefusals(run, now).map((why) => ({
    kind: 'bound' as const,
    unit: '',
    why,
    next,
  }));
  if (whole.length > 0) return whole;
  return run.units.flatMap((unit) => {
    const reasons = unitRefusals(unit, now);
    if (reasons.length === 0) return [];
    return [{ kind: 'bound' as const, unit: unit.unit, why: reasons.join('; '), next }];
  });
}

function wholeRefusals(run: RunRecord, now: BoundNow): string[] {
  const tools = Object.entries(run.tools).filter(([name, version]) => now.tools[name] !== version);
  return [
    ...(run.command === 'plan' ? [] : [`run ${run.run} is no plan but a run of ${run.command}`]),
    ...(run.destroy ? ['it is a plan to destroy: platform destroy makes its own'] : []),
    ...(run.exitCode === null || run.interruptedBy !== null ? ['that plan was not finished'] : []),
    ...(run.environment === now.environment ? [] : [`it is a plan of "${run.environment}"`]),
    ...differs('commit', run.commit, now.commit),
    ...differs('account', run.account, now.account),
    ...differs('region', run.region, now.region),
    ...tools.map(([name, version]) => {
      return `it was made with ${name} ${version}, and this is ${now.tools[name] ?? 'another'}`;
    }),
  ];
}

function differs(what: string, then: string | null, now: string | null): string[] {
  return then === now ? [] : [`the ${what} was ${then ?? 'none'} and is ${now ?? 'none'}`];
}

function unitRefusals(unit: UnitRecord, now: BoundNow): string[] {
  // What failed stays failed, and what has nothing to do is left as it is.
  if (unit.result !== 'planned' || unit.label === 'no-changes') return [];
  if (unit.label === 'mocked') return [`it was planned on mocks: ${unit.reason}`];
  if (unit.label === 'unknown') return [`it could not be planned: ${unit.reason}`];
  const { binding, plan } = unit;
  const current = now.bindings.get(unit.unit);
  if (binding === null || plan === null) return ['the record does not say what it is bound to'];
  if (current === undefined) return ['the unit does not exist any more'];
  const since = now.appliedSince.get(unit.unit);
  return [
    ...(since === undefined ? [] : [`run ${since} has applied it since`]),
    ...planFileRefusals(plan.sha256, now.planFiles.get(unit.unit)),
    ...(binding.files === current.files ? [] : ['its files were changed']),
    ...lockFileRefusals(binding.lockFile, current.lockFile),
    ...stateRefusals(binding.state, current.state),
    ...Object.entries(binding.upstream)
      .filter(([path, hash]) => current.upstream[path] !== hash)
      .map(([path]) => `outputs of ${path} have changed`),
  ];
}

function planFileRefusals(then: string, now: string | undefined): string[] {
  if (now === undefined) return ['its plan file is gone: a plan is applied once'];
  return then === now ? [] : ['the plan file is not the one that was planned'];
}

/** Where there is none yet, Terragrunt makes it, and the digest of the inputs is compared at the unit's turn. */
function lockFileRefusals(then: string | null, now: string | null): string[] {
  return then === null || now === null || then === now
    ? []
    : ['its lock file of providers was changed'];
}

function stateRefusals(then: UnitBinding['state'], now: UnitBinding['state']): string[] {
  if (then === null && now === null) return [];
  if (then === null) return ['it has a state now'];
  if (now === null) return ['its state is gone'];
  if (then.lineage !== now.lineage) return ['its state is another one'];
  return then.serial === now.serial
    ? []
    : [`its state was at serial ${then.serial} and is at ${now.serial}`];
}
