import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { HashValue } from '../../tools/terraform/plan-resource.ts';
import { APPROVAL_KEY_VARIABLE } from '../session.ts';
import { APPROVAL_KEY_FILE } from './record-files.ts';

/** 64 bits: nobody finds two values with one hash by chance. */
const HASH_DIGITS = 16;

/** Of a record that was made before: its own key, or the one that everybody here shares. */
export async function readApprovalKey(
  { files, env }: Pick<Host, 'files' | 'env'>,
  directory: string,
): Promise<string | undefined> {
  const kept = await files.read(join(directory, APPROVAL_KEY_FILE));
  return kept?.trim() ?? env[APPROVAL_KEY_VARIABLE];
}

/** Hashes that only who has the key can make, and so compare. */
export function hashWith(key: string): HashValue {
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_DIGITS);
}

/** Says which key hashes were made with, and nothing of the key. */
export function keyId(key: string): string {
  return hashWith(key)('platform approval key');
}
