import { suggestion } from '../config/user-yaml.ts';
import { ToolError, UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import { type Output, parseOutputs } from '../tools/terraform/state-json.ts';
import type { Emit } from './emit.ts';
import { openTree } from './open-tree.ts';
import { selectUnits } from './select-units.ts';
import { openSession, type SessionInput } from './session.ts';
import { firstErrorLine, runInUnit } from './unit-command.ts';

export interface OutputInput extends SessionInput {
  readonly unit: string;
  /** One output; undefined: all. */
  readonly name: string | undefined;
  readonly showSensitive: boolean;
}

/** What a unit's state says now. Sensitive values are left out unless they were asked for. */
export async function readOutputs(host: Host, input: OutputInput, emit: Emit): Promise<Output[]> {
  const session = await openSession(host, input, emit);
  const tree = await openTree(session);
  const [unit = input.unit] = selectUnits(tree.graph, [input.unit]).order;
  const result = await runInUnit(session, unit, ['output', '-json']);
  if (result.exitCode !== 0) {
    throw new ToolError({
      what: `the outputs of "${unit}" cannot be read: ${firstErrorLine(result)}`,
      next: `platform doctor ${session.environment.name}`,
    });
  }
  const all = parseOutputs(result.stdout);
  const asked = input.name === undefined ? all : all.filter(({ name }) => name === input.name);
  if (input.name !== undefined && asked.length === 0) {
    const names = all.map(({ name }) => name);
    const next =
      names.length === 0 ? 'it has none: was it applied?' : suggestion(input.name, names);
    throw new UserError({ what: `"${unit}" has no output "${input.name}"`, next });
  }
  return asked.map((output) =>
    output.sensitive && !input.showSensitive ? { ...output, value: null } : output,
  );
}
