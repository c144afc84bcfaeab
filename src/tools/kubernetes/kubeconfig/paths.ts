import { delimiter, join, resolve } from 'node:path';

export interface PathsInput {
  /** `--kubeconfig`; stands for the variable. */
  readonly flag: string | undefined;
  /** `KUBECONFIG`. */
  readonly variable: string | undefined;
  readonly homeDirectory: string;
  readonly cwd: string;
}

/**
 * Kubeconfigs in the order in which they are looked at, absolute: never none. Unlike kubectl, and like
 * the AWS CLI, `~` is expanded, also in the variable.
 */
export function kubeconfigPaths(input: PathsInput): [string, ...string[]] {
  const { flag, variable = '', homeDirectory, cwd } = input;
  const absolute = (path: string) => resolve(cwd, path.replace(/^~(?=\/|$)/, homeDirectory));
  if (flag !== undefined) return [absolute(flag)];
  const [first, ...others] = variable
    .split(delimiter)
    .filter((path) => path.trim() !== '')
    .map(absolute);
  return first === undefined ? [join(homeDirectory, '.kube', 'config')] : [first, ...others];
}
