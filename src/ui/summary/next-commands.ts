import type { RunRecord } from '../../domain/run-record.ts';

export interface NextCommand {
  readonly command: string;
  readonly does: string;
}

const AT_MOST = 3;

/** What to type next, at most three, ready to be pasted. `program` is `platform`, with `-C` if that was given. */
export function nextCommands(record: RunRecord, program: string): NextCommand[] {
  return record.command === 'plan' || record.declined
    ? afterPlan(record, program)
    : afterApply(record, program);
}

function afterPlan(record: RunRecord, program: string): NextCommand[] {
  const { units, interruptedBy, command } = record;
  const what = selection(record);
  if (interruptedBy !== null) {
    return [{ command: `${program} ${command} ${what}`, does: 'the whole plan again' }];
  }
  const broken = units.find(({ failure }) => failure !== null);
  const changed = units.filter(
    ({ result, isEmpty, changes }) => result === 'planned' && !isEmpty && changes !== null,
  );
  const dangerous = changed.find(({ resources }) =>
    resources.some(({ actions }) => actions.includes('replace') || actions.includes('delete')),
  );
  const shown = dangerous ?? changed[0];
  const isReady = changed.some(({ label }) => label === 'exact');
  const apply = `${program} ${record.destroy ? 'destroy' : 'apply'} ${what}`;
  const commands = [
    ...(shown === undefined || command !== 'plan'
      ? []
      : [{ command: `${program} show ${shown.unit}`, does: "Terraform's own diff" }]),
    ...(broken !== undefined && command === 'plan' && !record.destroy
      ? [
          {
            command: `${program} plan ${what} --retry`,
            does: 'only what could not be planned',
          },
        ]
      : []),
    ...(broken === undefined && changed.length > 0
      ? [{ command: apply, does: 'plans, asks, applies' }]
      : []),
    ...(broken !== undefined && isReady && !record.destroy
      ? [{ command: `${apply} --only ready`, does: 'what is proven exact' }]
      : []),
  ];
  // Which log to read stands with the failure too.
  const hasRoom = broken !== undefined && commands.length < AT_MOST;
  return hasRoom ? [logs(program, broken.unit), ...commands] : commands;
}

function afterSteps(record: RunRecord, program: string): NextCommand[] {
  const broken = failedStep(record);
  return broken === undefined ? [] : [stepAgain(record, broken, program)];
}

function failedStep({ units }: RunRecord): string | undefined {
  return units.flatMap(({ steps }) => steps).find(({ failure }) => failure !== null)?.step;
}

function stepAgain({ environment }: RunRecord, step: string, program: string): NextCommand {
  return { command: `${program} steps ${environment} ${step}`, does: 'that step again, alone' };
}

function afterApply(record: RunRecord, program: string): NextCommand[] {
  const { command, units, exitCode } = record;
  if (command === 'steps') return afterSteps(record, program);
  const step = command === 'apply' ? failedStep(record) : undefined;
  const broken = units.find(({ failure }) => failure !== null);
  const again = `${program} ${command} ${selection(record)}`;
  const isOver = exitCode === 0 || exitCode === null || record.refused.length > 0;
  // What was refused, or could not even be planned, is to be read and approved first.
  const isUnread = units.some(
    ({ failure, label }) =>
      failure?.kind === 'refused' || (failure !== null && label === 'unknown'),
  );
  const wasApproved = units.some(({ label }) => label !== 'unknown');
  const goesOn = command === 'apply' && wasApproved && !isUnread;
  return [
    ...(broken === undefined ? [] : [logs(program, broken.unit)]),
    ...(step === undefined ? [] : [stepAgain(record, step, program)]),
    ...(isOver
      ? []
      : goesOn
        ? [
            {
              command: `${program} ${command} ${record.environment} --resume`,
              does: 'what is left, as it was approved',
            },
          ]
        : [{ command: again, does: 'again: what is done is not done twice' }]),
  ];
}

/** The environment, and whatever chose units of it. */
function selection(record: RunRecord): string {
  return [record.environment, ...record.arguments, ...record.choice].join(' ');
}

function logs(program: string, unit: string): NextCommand {
  return { command: `${program} logs ${unit}`, does: 'the whole log of that unit' };
}
