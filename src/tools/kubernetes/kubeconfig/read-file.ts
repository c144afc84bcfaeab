import type { Host } from '../../../host/host.ts';
import { type Unusable, unusable } from './content.ts';

/** The text of a kubeconfig; undefined when it is not there. */
export async function readKubeconfigFile(
  files: Host['files'],
  path: string,
): Promise<string | undefined | Unusable> {
  try {
    const bytes = await files.readBytes(path);
    return bytes === undefined
      ? undefined
      : new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return unusable('is not UTF-8');
    return unusable(`cannot be read: ${reasonOf(error)}`);
  }
}

/**
 * What the file system said, without its code, call and path.
 *
 * @throws what is no error of the file system
 */
export function reasonOf(error: unknown): string {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file stands where its folder has to be';
  return message.replace(/^\w+: /, '').replace(/, \w+( '.*)?$/s, '');
}
