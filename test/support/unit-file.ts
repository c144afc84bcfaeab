/**
 * The file of a unit whose dependencies are its siblings.
 *
 * @param dependencies by name: more lines of the block
 * @param inputs as they stand in HCL, one for a line
 */
export function unitFile(
  dependencies: Readonly<Record<string, readonly string[]>>,
  inputs: readonly string[],
  more: readonly string[] = [],
): string {
  const blocks = Object.entries(dependencies).flatMap(([name, lines]) => [
    `dependency "${name}" {`,
    `  config_path = "../${name}"`,
    ...lines.map((line) => `  ${line}`),
    '}',
  ]);
  return [
    'include "root" {',
    '  path = find_in_parent_folders("root.hcl")',
    '}',
    ...blocks,
    ...more,
    'inputs = {',
    ...inputs.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}
