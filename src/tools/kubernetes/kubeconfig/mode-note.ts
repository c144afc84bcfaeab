/**
 * What a person should know of a kubeconfig that is not theirs alone, which is kept as it is; helm warns
 * of it at each call too. Undefined where there is nothing to say.
 *
 * @param mode permission bits
 */
export function modeNote(path: string, mode: number): string | undefined {
  const able = [(mode & 0o044) !== 0 ? 'read' : '', (mode & 0o022) !== 0 ? 'write' : ''];
  const may = able.filter((word) => word !== '').join(' and ');
  if (may === '') return undefined;
  const bits = mode.toString(8).padStart(4, '0');
  return `other users may ${may} ${path} (mode ${bits}); for you alone: chmod 600 "${path}"`;
}
