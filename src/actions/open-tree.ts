import { basename, join } from 'node:path';
import { environmentSteps } from '../config/environment-steps.ts';
import { type Problem, ToolError, UserError } from '../domain/errors.ts';
import { EXIT } from '../domain/exit-code.ts';
import { type Graph, subgraph } from '../domain/graph.ts';
import { stepProblems } from '../domain/steps/step-problems.ts';
import type { UnitConfig } from '../domain/unit-config.ts';
import type { RenderedUnit } from '../tools/terragrunt/render.ts';
import type { Emit } from './emit.ts';
import { gatherTree } from './gather-tree.ts';
import type { Session } from './session.ts';

export interface OpenedTree {
  readonly graph: Graph;
  readonly rendered: readonly RenderedUnit[];
  /** What decides labels, of every unit. */
  readonly configs: ReadonlyMap<string, UnitConfig>;
}

/** The environment's units, or one error with everything that is wrong with them. */
export async function openTree(session: Session): Promise<OpenedTree> {
  const { tree } = await openWhole(session);
  return tree;
}

/** The units that take part in a command: `exclude` blocks hold here as they do in `terragrunt run --all`. */
export async function openTreeFor(
  session: Session,
  command: 'plan' | 'apply' | 'destroy',
  emit: Emit,
): Promise<OpenedTree> {
  const { tree, excludedFrom } = await openWhole(session);
  refuseOtherBinaries(tree.rendered);
  const isOut = (unit: string) =>
    (excludedFrom.get(unit) ?? []).some((name) =>
      ['all', 'all_except_output', command].includes(name),
    );
  const out = tree.graph.order.filter(isOut);
  if (out.length === 0) return tree;
  emit({ type: 'note', text: `excluded by their own files: ${out.join(', ')}` });
  const inside = new Set(tree.graph.order.filter((unit) => !isOut(unit)));
  return { ...tree, graph: subgraph(tree.graph, inside) };
}

async function openWhole(session: Session) {
  const { result, rendered, excludedFrom, configs } = await gatherTree(session);
  if (result.kind === 'broken') throw brokenTree(session.environment.name, result.problems);
  const { graph } = result.tree;
  const { name, folder } = session.environment;
  const problems = stepProblems(
    environmentSteps(session.environment),
    new Set(graph.order),
    join(folder, 'env.yaml'),
  );
  if (problems.length > 0) throw brokenTree(name, problems);
  return { tree: { graph, rendered, configs }, excludedFrom };
}

/** The shim stands in the place of `terraform_binary`: another one would be passed over in silence. */
function refuseOtherBinaries(rendered: readonly RenderedUnit[]): void {
  const other = rendered.find(
    ({ terraformBinary }) => terraformBinary !== '' && basename(terraformBinary) !== 'terraform',
  );
  if (other === undefined) return;
  throw new ToolError(
    {
      what: `units ask for the binary "${other.terraformBinary}", and only terraform can be run`,
      next: 'take terraform_binary out, or run this tree with terragrunt itself',
    },
    EXIT.tool,
  );
}

function brokenTree(environment: string, problems: readonly Problem[]): UserError {
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) return new UserError(first);
  const list = problems.map(
    ({ what, where }) => `  ${where === undefined ? '' : `${where}: `}${what}`,
  );
  return new UserError({
    what: `${problems.length} problems in "${environment}"\n${list.join('\n')}`,
    next: 'correct them all: nothing is planned before that',
  });
}
