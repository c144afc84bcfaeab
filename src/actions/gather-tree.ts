import { join, relative } from 'node:path';
import { orderBorrowed } from '../domain/borrowed-order.ts';
import { type Problem, ToolError } from '../domain/errors.ts';
import { EXIT } from '../domain/exit-code.ts';
import { buildGraph, type Unit } from '../domain/graph.ts';
import { checkTree, type TreeResult } from '../domain/tree.ts';
import type { UnitConfig } from '../domain/unit-config.ts';
import {
  type Found,
  findArgs,
  hclValidateArgs,
  parseCycle,
  parseFind,
  parseHclValidate,
  stackGenerateArgs,
} from '../tools/terragrunt/discovery.ts';
import { parseRender, type RenderedUnit, renderArgs } from '../tools/terragrunt/render.ts';
import { gatherConfigs } from './configs/gather-configs.ts';
import { type Session, unitOfFile } from './session.ts';
import { runTerragrunt } from './unit-command.ts';

export interface GatheredTree {
  readonly result: TreeResult;
  /** What each unit's file says; empty when the tree is broken. */
  readonly rendered: readonly RenderedUnit[];
  /** By unit: commands that its own file keeps it out of. */
  readonly excludedFrom: ReadonlyMap<string, readonly string[]>;
  /** What decides labels, of every unit; empty when the tree is broken. */
  readonly configs: ReadonlyMap<string, UnitConfig>;
  /** What cannot be evaluated on mocks. */
  readonly onMocks: readonly Problem[];
}

/**
 * Reads the units of an environment. `find` hides broken files, drops the units of a cycle and exits 0,
 * so it is asked twice and `hcl validate` is believed for the rest. No Terraform but `-version` starts.
 */
export async function gatherTree(session: Session): Promise<GatheredTree> {
  const { folder } = session.environment;
  let plain = parseFind(
    (await terragrunt(session, findArgs(folder, { dependencies: false }))).stdout,
  );
  if (plain.some(({ type }) => type === 'stack')) {
    await generateStacks(session);
    plain = parseFind(
      (await terragrunt(session, findArgs(folder, { dependencies: false }))).stdout,
    );
  }
  const [withDependencies, validated, rendering] = await Promise.all([
    terragrunt(session, findArgs(folder, { dependencies: true })),
    terragrunt(session, hclValidateArgs(folder)),
    terragrunt(session, renderArgs(folder, { all: true })),
  ]);
  const found = parseFind(withDependencies.stdout).filter(({ type }) => type === 'unit');
  const units = found.filter(({ path }) => !path.startsWith('../'));
  const all = plain.filter(({ type }) => type === 'unit').map(({ path }) => path);
  const dropped = all.filter((path) => !units.some((unit) => unit.path === path));
  const cycle =
    parseCycle(validated.stderr)?.map((file) => unitOfFile(session.environment.folder, file)) ??
    (await cycleAmong(session, dropped));
  const { broken: brokenFiles, onMocks } = await hclProblems(session, validated.stdout);
  const isWhole = cycle === undefined && brokenFiles.length === 0;
  if (isWhole && validated.exitCode !== 0 && onMocks.length === 0)
    brokenFiles.push(unexplained(validated.stderr));
  const rendered = isWhole && rendering.exitCode === 0 ? parseRender(rendering.stdout) : [];
  const result = checkTree({
    all,
    units,
    existingOutside: await existingOutside(session, units, new Set(all)),
    brokenFiles,
    cycle,
    sharedStates: await sharedStates(session, all, rendered),
  });
  const excludedFrom = new Map(units.map((unit) => [unit.path, unit.excludedFrom]));
  if (result.kind === 'broken') {
    return { result, rendered, excludedFrom, configs: new Map(), onMocks };
  }
  const configs = await configsOf(session, units, rendered);
  const graph = orderBorrowed(result.tree.graph, configs);
  return {
    result: { kind: 'tree', tree: { ...result.tree, graph } },
    rendered,
    excludedFrom,
    configs,
    onMocks,
  };
}

function configsOf(session: Session, units: readonly Found[], rendered: readonly RenderedUnit[]) {
  const { folder } = session.environment;
  return gatherConfigs({
    files: session.host.files,
    folder,
    units,
    rendered,
    render: (path, file) => renderAlone(session, path, file),
  });
}

async function terragrunt(session: Session, args: readonly string[]) {
  const result = await runTerragrunt(session, args);
  if (result.notStarted === undefined) return result;
  throw new ToolError(
    { what: 'terragrunt could not be started', where: session.terragrunt.path },
    EXIT.tool,
  );
}

async function generateStacks(session: Session): Promise<void> {
  const result = await terragrunt(session, stackGenerateArgs(session.environment.folder));
  if (result.exitCode === 0) return;
  throw new ToolError(
    {
      what: `the stacks cannot be generated: ${lastError(result.stderr)}`,
      where: session.environment.folder,
    },
    EXIT.usage,
  );
}

/**
 * `hcl validate` evaluates on mocks. That these lack what a unit reads is no break of the tree: the
 * outputs may be in the state, and if they are not, the plan of that unit says so.
 */
async function hclProblems(
  { host, workspace }: Session,
  stdout: string,
): Promise<{ readonly broken: Problem[]; readonly onMocks: Problem[] }> {
  const broken: Problem[] = [];
  const onMocks: Problem[] = [];
  for (const { summary, detail, file, line } of parseHclValidate(stdout)) {
    const problem = {
      what: `${lowerFirst(summary)}: ${detail}`,
      where: `${relative(workspace.root, file)}:${line}`,
    };
    const isEvaluation = summary === 'Unsupported attribute' || summary === 'Invalid index';
    const text = isEvaluation ? await host.files.read(file) : undefined;
    (text?.includes('mock_outputs') ? onMocks : broken).push(problem);
  }
  return { broken, onMocks };
}

function unexplained(stderr: string): Problem {
  return { what: `terragrunt finds the tree broken: ${lastError(stderr)}` };
}

function lastError(stderr: string): string {
  return (
    stderr
      .split('\n')
      .filter((line) => /\bERROR\b|\bError\b/.test(line))
      .at(-1)
      ?.replace(/^\S+\s+ERROR\s+/, '') ?? stderr.trim().slice(-300)
  );
}

async function existingOutside(
  session: Session,
  units: readonly { readonly dependencies: readonly string[] }[],
  known: ReadonlySet<string>,
): Promise<Set<string>> {
  const outside = new Set(
    units.flatMap(({ dependencies }) => dependencies.filter((path) => !known.has(path))),
  );
  const existing = new Set<string>();
  for (const path of outside) {
    const file = join(session.environment.folder, path, 'terragrunt.hcl');
    if ((await session.host.files.stat(file)) !== undefined) existing.add(path);
  }
  return existing;
}

/** `hcl validate` passes over a circle of `dependencies` blocks; `find` drops its units. Their files know. */
async function cycleAmong(
  session: Session,
  dropped: readonly string[],
): Promise<readonly string[] | undefined> {
  const units: Unit[] = [];
  for (const path of dropped) {
    const rendered = await renderUnit(session, path);
    const dependencies = (rendered?.dependencyPaths ?? []).map((to) => join(path, to));
    units.push({ path, dependencies });
  }
  const built = buildGraph(units);
  return built.kind === 'cycle' ? built.path : undefined;
}

function renderUnit(session: Session, unit: string): Promise<RenderedUnit | undefined> {
  return renderAlone(session, join(session.environment.folder, unit));
}

async function renderAlone(
  session: Session,
  folder: string,
  file?: string,
): Promise<RenderedUnit | undefined> {
  const args = renderArgs(folder, { all: false, ...(file === undefined ? {} : { file }) });
  const { stdout } = await terragrunt(session, args);
  return parseRender(stdout.trim().replaceAll('\n', ''))[0];
}

/** One process renders all units, without their names; only where two states meet is each asked alone. */
async function sharedStates(
  session: Session,
  units: readonly string[],
  rendered: readonly RenderedUnit[],
): Promise<string[][]> {
  const keys = rendered.flatMap(({ stateKey }) => stateKey ?? []);
  if (new Set(keys).size === keys.length) return [];
  const byKey = new Map<string, string[]>();
  for (const unit of units) {
    const key = (await renderUnit(session, unit))?.stateKey;
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), unit]);
  }
  return [...byKey.values()].filter((group) => group.length > 1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
