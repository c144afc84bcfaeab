import { join, relative } from 'node:path';
import { z } from 'zod';
import { environmentSteps } from '../config/environment-steps.ts';
import type { Problem } from '../domain/errors.ts';
import { mockProblems } from '../domain/mock-rules.ts';
import { stepProblems } from '../domain/steps/step-problems.ts';
import type { Host } from '../host/host.ts';
import { parseToolJson } from '../tools/json.ts';
import { hclFormatCheckArgs, parseHclFormatCheck } from '../tools/terragrunt/discovery.ts';
import type { Emit } from './emit.ts';
import { gatherTree } from './gather-tree.ts';
import { mapUnits } from './map-units.ts';
import { openSession, type Session, type SessionInput } from './session.ts';
import { firstErrorLine, runInUnit, runTerragrunt } from './unit-command.ts';

export interface Validation {
  readonly environment: string;
  readonly units: number;
  readonly problems: readonly Problem[];
}

/** Everything that can be said without asking the cloud, in one list. */
export async function validate(host: Host, input: SessionInput, emit: Emit): Promise<Validation> {
  const session = await openSession(host, input, emit, 'providers');
  const [{ result, rendered, onMocks }, format] = await Promise.all([
    gatherTree(session),
    formatProblems(session),
  ]);
  const environment = session.environment.name;
  if (result.kind === 'broken') {
    return { environment, units: 0, problems: [...result.problems, ...format] };
  }
  const { graph } = result.tree;
  const modules = await withScratch(session, (scratch) =>
    mapUnits(session, graph, (unit) => moduleProblems(session, unit, scratch)),
  );
  const { folder } = session.environment;
  const steps = stepProblems(
    environmentSteps(session.environment),
    new Set(graph.order),
    relative(session.workspace.root, join(folder, 'env.yaml')),
  );
  const mocks = mockProblems(rendered.flatMap(({ dependencies }) => dependencies));
  return {
    environment,
    units: graph.order.length,
    problems: [...format, ...steps, ...onMocks, ...mocks, ...modules.flat()],
  };
}

async function formatProblems(session: Session): Promise<Problem[]> {
  const { environment, workspace } = session;
  const { stderr } = await runTerragrunt(session, hclFormatCheckArgs(environment.folder));
  return parseHclFormatCheck(stderr).map((file) => ({
    what: 'is not formatted',
    where: relative(workspace.root, file),
    next: 'terragrunt hcl fmt',
  }));
}

const validateSchema = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().optional(),
      range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).nullish(),
    }),
  ),
});

/** Initialised without a backend, and so away from the folders that plans work in. */
async function withScratch<T>(
  session: Session,
  action: (scratch: string) => Promise<T>,
): Promise<T> {
  const { files } = session.host;
  const scratch = await files.makeTemporary('platform-validate-');
  try {
    return await action(scratch);
  } finally {
    await files.remove(scratch);
  }
}

async function moduleProblems(session: Session, unit: string, scratch: string): Promise<Problem[]> {
  const aside = { downloadDirectory: scratch, autoInit: false };
  const init = await runInUnit(session, unit, ['init', '-backend=false', '-input=false'], aside);
  if (init.exitCode !== 0) {
    return [{ what: `cannot be initialised: ${firstErrorLine(init)}`, where: unit }];
  }
  const result = await runInUnit(session, unit, ['validate', '-json'], aside);
  const json = /\{[\s\S]*\}/.exec(result.stdout)?.[0];
  if (json === undefined) {
    return [{ what: `cannot be validated: ${firstErrorLine(result)}`, where: unit }];
  }
  return parseToolJson(validateSchema, json, 'terraform validate')
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ summary, detail, range }) => ({
      what: `${summary}${detail ? `: ${detail}` : ''}`,
      where: range ? `${join(unit, range.filename)}:${range.start.line}` : unit,
    }));
}
