import { dirname, join, resolve } from 'node:path';
import { UserError } from '../domain/errors.ts';
import type { Refusal, RunRecord, UnitRecord } from '../domain/run-record.ts';
import { treeArgs } from '../tools/git.ts';
import { askGit } from './files/ask-git.ts';
import type { OpenedTree } from './open-tree.ts';
import { keyId, readApprovalKey } from './records/approval-key.ts';
import { readRecordFile, withoutValues } from './records/approved-record.ts';
import { findRun, listRuns } from './records/find-run.ts';
import { APPROVED_FILE } from './records/record-files.ts';
import { type ApplyRules, PLAIN_RULES } from './run/apply-all.ts';
import { digestUnits } from './run/plan-run.ts';
import type { EarlierRun } from './run/start-run.ts';
import type { Session } from './session.ts';

/** An approval that was given to another run, for this one to hold to. */
export interface ApprovedElsewhere {
  /** Units that are left to do. */
  readonly only: readonly string[];
  /** Of these, units that were deleted. */
  readonly deleted: readonly string[];
  readonly from: EarlierRun;
  readonly rules: ApplyRules;
  /** Why it is none for what is here now. */
  readonly refused: readonly Refusal[];
}

export interface ApprovedInput {
  readonly approved: string | undefined;
  readonly resume: { readonly id: string | undefined } | undefined;
}

/** @param unasked nobody will be asked again, so only what was approved before may be done */
export async function approvedElsewhere(
  session: Session,
  tree: OpenedTree,
  { approved, resume }: ApprovedInput,
  unasked: boolean,
): Promise<ApprovedElsewhere | undefined> {
  if (approved !== undefined) return approvedInFile(session, tree, approved);
  return resume === undefined ? undefined : toResume(session, resume.id, unasked);
}

/** CI's merge: the plan of the pull request was read and approved; the same content is applied. */
async function approvedInFile(
  session: Session,
  tree: OpenedTree,
  path: string,
): Promise<ApprovedElsewhere> {
  const file = resolve(session.host.cwd, path);
  const record = await readRecordFile(session.host, file);
  const key = await readApprovalKey(session.host, dirname(file));
  return {
    only: record.units.map(({ unit }) => unit),
    deleted: deletedOf(record.units),
    from: { id: record.run, key },
    rules: { ...PLAIN_RULES, approvedElsewhere: comparable(record, key) },
    refused: await refusedHere(session, tree, record),
  };
}

function deletedOf(units: readonly UnitRecord[]): string[] {
  return units.filter(({ isDeleted }) => isDeleted).map(({ unit }) => unit);
}

function comparable(record: RunRecord, key: string | undefined): RunRecord {
  return key !== undefined && keyId(key) === record.keyId ? record : withoutValues(record);
}

async function refusedHere(
  session: Session,
  tree: OpenedTree,
  record: RunRecord,
): Promise<Refusal[]> {
  const { host, environment, workspace } = session;
  const next = `plan again and have it approved: platform plan ${environment.name}`;
  const refusal = (unit: string, why: string): Refusal => ({ kind: 'bound', unit, why, next });
  if (record.command !== 'plan' || record.destroy) {
    return [refusal('', `run ${record.run} is no plan of changes`)];
  }
  if (record.exitCode === null || record.interruptedBy !== null) {
    return [refusal('', `the plan of run ${record.run} was not finished`)];
  }
  if (record.environment !== environment.name) {
    return [refusal('', `what was approved is a plan of "${record.environment}"`)];
  }
  const found = await askGit(host, workspace.root, treeArgs());
  const here = found.exitCode === 0 ? found.stdout.trim() : null;
  if (here !== record.tree) {
    return [refusal('', 'the content is not what was planned: head or base has moved since')];
  }
  const digests = await digestUnits(session, tree.configs, tree.graph.order);
  return record.units.flatMap(({ unit, binding, isDeleted, result }) => {
    // What could not be planned was not approved, and is refused at its turn.
    if (isDeleted || result !== 'planned') return [];
    const digest = digests.get(unit);
    if (digest === undefined) return [refusal(unit, 'the unit does not exist here')];
    return binding?.files === digest
      ? []
      : [refusal(unit, 'its files are not those that were planned')];
  });
}

/** Goes on where a run stopped: what it has done is done, what it was approved to do is still approved. */
async function toResume(
  session: Session,
  id: string | undefined,
  unasked: boolean,
): Promise<ApprovedElsewhere> {
  const { host, workspace, environment } = session;
  const isOurs = (record: RunRecord) =>
    record.command === 'apply' && record.environment === environment.name;
  const newest = (await listRuns(host, workspace.recordsDirectory)).find(
    // What was declined or refused has begun nothing.
    ({ record }) => isOurs(record) && !record.declined && record.refused.length === 0,
  );
  const found = id === undefined ? newest : await findRun(host, workspace.recordsDirectory, id);
  if (found === undefined || !isOurs(found.record)) {
    throw new UserError({
      what:
        found === undefined
          ? `there is no apply of "${environment.name}" to resume`
          : `run ${found.record.run} is no apply of "${environment.name}"`,
      where: workspace.recordsDirectory,
      next: 'platform runs list',
    });
  }
  const { record, directory } = found;
  const file = join(directory, APPROVED_FILE);
  if ((await host.files.stat(file)) === undefined) {
    throw new UserError({
      what: `run ${record.run} was stopped before anything was approved`,
      where: directory,
      next: `platform apply ${environment.name}`,
    });
  }
  const left = record.units.filter(
    ({ result, steps }) =>
      !['applied', 'unchanged', 'excluded'].includes(result) ||
      (result !== 'excluded' && steps.some((step) => step.result !== 'passed')),
  );
  const key = await readApprovalKey(host, directory);
  const approved = comparable(await readRecordFile(host, file), key);
  return {
    only: left.map(({ unit }) => unit),
    deleted: deletedOf(left),
    from: { id: record.run, key },
    rules: {
      // Who is asked sees what is left, and says yes to that.
      approvedElsewhere: unasked ? approved : undefined,
      taintedMayBeReplaced: true,
    },
    refused: [],
  };
}
