import { type Problem, UserError } from '../domain/errors.ts';
import type { Tree } from '../domain/tree.ts';
import type { RenderedUnit } from '../tools/terragrunt/render.ts';
import { gatherTree } from './gather-tree.ts';
import type { Session } from './session.ts';

/** The environment's units, or one error with everything that is wrong with them. */
export async function openTree(
  session: Session,
): Promise<{ readonly tree: Tree; readonly rendered: readonly RenderedUnit[] }> {
  const { result, rendered } = await gatherTree(session);
  if (result.kind === 'tree') return { tree: result.tree, rendered };
  throw brokenTree(session.environment.name, result.problems);
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
