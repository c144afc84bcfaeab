import { z } from 'zod';

/** https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
const messageSchema = z.object({
  '@level': z.string().optional(),
  '@message': z.string().optional(),
  type: z.string().optional(),
  hook: z
    .object({
      resource: z.object({ addr: z.string() }).optional(),
      action: z.string().optional(),
      elapsed_seconds: z.number().optional(),
    })
    .optional(),
  changes: z.object({ operation: z.string() }).optional(),
  diagnostic: z
    .object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().optional(),
      address: z.string().optional(),
      range: z.object({ filename: z.string(), start: z.object({ line: z.number() }) }).nullish(),
      snippet: z.object({ context: z.string().nullish() }).nullish(),
    })
    .optional(),
});

export type UiMessage = z.infer<typeof messageSchema>;

export interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly address: string | undefined;
}

/** Messages of Terraform's `-json` output; lines that are none (a provider's stray print) are passed over. */
export function parseUiStream(text: string): UiMessage[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      const parsed = messageSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      // A line that is still being written.
      return [];
    }
  });
}

export function errorsOf(messages: readonly UiMessage[]): Diagnostic[] {
  return messages.flatMap(({ diagnostic }) =>
    diagnostic?.severity === 'error'
      ? [
          {
            severity: 'error',
            summary: diagnostic.summary,
            detail: diagnostic.detail ?? '',
            address: diagnostic.address,
          },
        ]
      : [],
  );
}

/** How many changes an apply has completed. Reads of data sources come as changes too and do not count. */
export function completedChanges(messages: readonly UiMessage[]): number {
  return messages.filter(({ type, hook }) => type === 'apply_complete' && hook?.action !== 'read')
    .length;
}

/** What Terraform was told last, as people read it; undefined for messages that are not about a resource. */
export function describeProgress(
  message: UiMessage,
): { readonly address: string; readonly doing: string } | undefined {
  const address = message.hook?.resource?.addr;
  if (address === undefined) return undefined;
  const action = message.hook?.action ?? '';
  const seconds = message.hook?.elapsed_seconds;
  switch (message.type) {
    case 'apply_start':
      return { address, doing: action };
    case 'apply_progress':
      return { address, doing: `still ${action} ${seconds ?? 0}s` };
    case 'apply_complete':
      return { address, doing: `${action} done` };
    case 'refresh_start':
      return { address, doing: 'refresh' };
    default:
      return undefined;
  }
}

/** `check "quota"` → `check.quota`, as its address reads. */
function checkName(context: string | null | undefined): string {
  return (context ?? 'a check').replace(/^check "(.+)"$/, 'check.$1');
}

/** Check blocks that do not hold come as warnings; the run goes on. What their authors say may hold values. */
export function failedChecksOf(messages: readonly UiMessage[]): string[] {
  return messages.flatMap(({ diagnostic }) =>
    diagnostic?.severity === 'warning' && diagnostic.summary === 'Check block assertion failed'
      ? [`${checkName(diagnostic.snippet?.context)} does not hold`]
      : [],
  );
}

/** True when Terraform said at the end of an apply what it did: an exit code alone proves nothing. */
export function saysApplied(messages: readonly UiMessage[]): boolean {
  return messages.some(({ type, changes }) => {
    return type === 'change_summary' && changes?.operation !== 'plan';
  });
}

/** Addresses of the data sources that were read. */
export function dataReads(messages: readonly UiMessage[]): string[] {
  return messages.flatMap(({ type, hook }) => {
    const address = hook?.resource?.addr;
    return type === 'apply_start' && hook?.action === 'read' && address !== undefined
      ? [address]
      : [];
  });
}
