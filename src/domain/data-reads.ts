/**
 * Data sources whose answer nothing that an apply does can change: they compute, or name what the
 * account and the region are. Any other may have read what a unit upstream is about to change.
 */
const UNAFFECTED: ReadonlySet<string> = new Set([
  'aws_arn',
  'aws_caller_identity',
  'aws_default_tags',
  'aws_iam_policy_document',
  'aws_partition',
  'aws_region',
  'aws_service_principal',
]);

/** Of the addresses of data sources, those whose answer may depend on what other units make. */
export function affectedReads(addresses: readonly string[]): string[] {
  const affected = addresses.filter((address) => {
    // A key may hold anything, also what looks like an address.
    const plain = address.replace(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, '');
    const type = /(?:^|\.)data\.([^.]+)\.[^.]+$/.exec(plain)?.[1];
    return type === undefined || !UNAFFECTED.has(type);
  });
  return [...new Set(affected)].sort();
}
