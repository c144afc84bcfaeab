import type { HealthIssue } from '../tools/aws/eks-reader.ts';

/** `Code: message` of the first, and how many more there are. */
export function issuesText(issues: readonly HealthIssue[]): string {
  const [first] = issues;
  if (first === undefined) return 'no issue is told';
  const rest = issues.length - 1;
  const text = first.message === '' ? first.code : `${first.code}: ${first.message}`;
  return rest === 0 ? text : `${text} (and ${rest} more)`;
}
