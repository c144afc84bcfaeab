/** Who holds a state lock, as Terraform says when it cannot have it. */
export interface LockInfo {
  readonly id: string;
  /** Undefined where the backend does not say. */
  readonly who: string | undefined;
  readonly since: string | undefined;
  readonly operation: string | undefined;
}

/** Reads the lock info out of Terraform's words, framed for people or from a `-json` diagnostic. */
export function parseLockInfo(text: string): LockInfo | undefined {
  const field = (name: string) =>
    new RegExp(`^[\\s│]*${name}:[ \\t]+(\\S.*?)[ \\t]*$`, 'm').exec(text)?.[1];
  // A server that keeps locks for Terraform says whose it is in its answer; the info beside it is of
  // the lock that was asked for. https://developer.hashicorp.com/terraform/language/backend/http
  const told = /already locked:[\s│]*ID=(\S+)/.exec(text)?.[1];
  if (told !== undefined) {
    return { id: told, who: undefined, since: undefined, operation: undefined };
  }
  const id = field('ID');
  if (id === undefined) return undefined;
  return { id, who: field('Who'), since: field('Created'), operation: field('Operation') };
}
