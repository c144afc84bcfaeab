import { UserError } from '../domain/errors.ts';
import type { Host } from '../host/host.ts';
import type { Session } from './session.ts';

/** An emulated environment has nothing to protect, and nobody is asked about it. */
export function isSandbox(session: Session): boolean {
  return session.environment.file?.kind === 'sandbox';
}

/** Nobody is asked where nobody can answer. */
export function requireTerminal(host: Host, command: string, flag: string): void {
  const inCi = host.env.CI === 'true';
  if (host.terminal.stdinIsTty && host.terminal.stderrIsTty && !inCi) return;
  throw new UserError({
    what: `${command} asks for a confirmation and there is no terminal`,
    next: `say ${flag} if you mean it`,
  });
}

/** The question of an apply; undefined where nobody is to be asked. */
export function applyQuestion(
  host: Host,
  session: Session,
  yes: boolean,
): (() => Promise<boolean>) | undefined {
  if (yes || isSandbox(session)) return undefined;
  requireTerminal(host, 'apply', '--yes');
  return () => host.prompts.confirm(`apply this to ${session.environment.name}?`);
}
