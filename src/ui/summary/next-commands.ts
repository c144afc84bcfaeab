import type { RunRecord } from '../../domain/run-record.ts';

export interface NextCommand {
  readonly command: string;
  readonly does: string;
}

const AT_MOST = 3;

/** What to type next, ready to be pasted. `program` is `platform`, with `-C` if that was given. */
export function nextCommands(record: RunRecord, program: string): NextCommand[] {
  const { environment, units } = record;
  const commands: NextCommand[] = [];
  const broken = units.find(({ failure }) => failure !== null);
  if (broken !== undefined) {
    commands.push({
      command: `${program} logs ${broken.unit}`,
      does: 'the whole log of that unit',
    });
  }
  const again = `${program} ${record.command} ${environment}`;
  if (record.interruptedBy !== null) {
    return [{ command: again, does: 'again: what is done is not done twice' }];
  }
  if (record.command === 'plan' || record.declined) {
    const dangerous = units.find(({ resources }) =>
      resources.some(({ actions }) => actions.includes('replace') || actions.includes('delete')),
    );
    const changed =
      dangerous ?? units.find(({ result, isEmpty }) => result === 'planned' && !isEmpty);
    if (changed !== undefined && record.command === 'plan') {
      commands.push({ command: `${program} show ${changed.unit}`, does: "Terraform's own diff" });
    }
    const isReady = broken === undefined && changed !== undefined;
    if (isReady) {
      commands.push({ command: `${program} apply ${environment}`, does: 'plans, asks, applies' });
    }
  } else if (record.exitCode !== 0 && record.exitCode !== null) {
    commands.push({
      command: again,
      does: 'again: what is done is not done twice',
    });
  }
  return commands.slice(0, AT_MOST);
}
