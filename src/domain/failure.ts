import { EXIT } from './exit-code.ts';
import { type LockInfo, parseLockInfo } from './lock-info.ts';
import type { UnitFailure } from './run-record.ts';

/** What is known of a phase that failed: Terraform's diagnostics first, else Terragrunt's last words. */
export interface FailureFacts {
  readonly unit: string;
  readonly environment: string;
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly detail: string;
    readonly address: string | undefined;
  }[];
  readonly terragruntErrors: readonly string[];
  /** Its words may hold anything; its name does not. */
  readonly failedHook?: string | undefined;
  /** Units without outputs that Terragrunt gave up for. */
  readonly missingOutputs: readonly string[];
  readonly exitCode: number | null;
  /** The phase's standard error said that the inputs are not the planned ones. */
  readonly inputsDiffer: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly kind: UnitFailure['kind'];
  readonly next: (facts: FailureFacts) => string;
}

const RULES: readonly Rule[] = [
  {
    pattern: /Error acquiring the state lock/,
    kind: 'locked',
    next: (facts) => {
      if (lockOf(facts) === undefined) return 'wait until it is done';
      return `wait; if its holder is dead: platform unlock ${facts.environment} ${facts.unit}`;
    },
  },
  {
    pattern:
      /ExpiredToken|No valid credential sources|AWS account ID not allowed|Invalid account ID|InvalidClientTokenId|failed to refresh cached credentials/,
    kind: 'identity',
    next: (facts) => `check the credentials: platform doctor ${facts.environment}`,
  },
  {
    pattern: /Saved plan is stale|Saved plan does not match/,
    kind: 'refused',
    next: (facts) => `plan again: platform plan ${facts.environment} ${facts.unit}`,
  },
  {
    pattern: /Failed to query available provider packages|Failed to install provider/,
    kind: 'tool',
    next: () =>
      'reach the registry, or name a mirror: tools.providerMirrors in platform.yaml, or PLATFORM_PROVIDER_MIRRORS',
  },
];

/** Sorts a failure by what a person has to do next. */
export function classifyFailure(facts: FailureFacts): UnitFailure {
  const logs = `read it all: platform logs ${facts.unit}`;
  if (facts.inputsDiffer) {
    return {
      kind: 'refused',
      summary: 'the inputs are not the ones that were planned',
      next: `plan again: platform plan ${facts.environment} ${facts.unit}; if it comes again, an input is another at each run: timestamp(), run_cmd or a hook`,
    };
  }
  const [missing] = facts.missingOutputs;
  if (missing !== undefined) {
    return {
      kind: 'failed',
      summary: `there are no outputs of "${missing}"`,
      next: `apply it first: platform apply ${facts.environment} ${missing}`,
    };
  }
  const [first] = facts.diagnostics;
  if (first === undefined && facts.failedHook !== undefined) {
    return { kind: 'failed', summary: `the hook "${facts.failedHook}" failed`, next: logs };
  }
  const words = [...facts.diagnostics.flatMap((d) => [d.summary, d.detail])];
  const all = [...words, ...facts.terragruntErrors].join('\n');
  const rule = RULES.find(({ pattern }) => pattern.test(all));
  return {
    kind: rule?.kind ?? 'failed',
    summary:
      rule?.kind === 'locked'
        ? lockedBy(facts)
        : (first?.summary ?? headline(facts.terragruntErrors) ?? endedWith(facts.exitCode)),
    ...(first?.address === undefined ? {} : { address: first.address }),
    next: rule?.next(facts) ?? logs,
  };
}

export const FAILURE_EXIT: Readonly<Record<UnitFailure['kind'], number>> = {
  failed: EXIT.failed,
  unreadable: EXIT.failed,
  tool: EXIT.tool,
  locked: EXIT.locked,
  identity: EXIT.identity,
  refused: EXIT.refused,
};

/** Terraform begins a failed init with words that name no cause; the next error does. */
const BOILERPLATE = /^Terraform encountered problems during initiali[sz]ation/;

function headline(messages: readonly string[]): string | undefined {
  const lines = messages.flatMap((message) => message.split('\n')).filter((line) => line.trim());
  const errors = lines.filter((line) => /\bError: /.test(line));
  const bare = (errors.length > 0 ? errors : lines).map((line) =>
    line.replace(/^.*?\bError: /, '').trim(),
  );
  return bare.find((line) => !BOILERPLATE.test(line)) ?? bare[0];
}

function lockedBy(facts: FailureFacts): string {
  const { who, since } = lockOf(facts) ?? {};
  return `the state is locked${who === undefined ? '' : ` by ${who}`}${since === undefined ? '' : ` since ${since}`}`;
}

function lockOf({ diagnostics }: FailureFacts): LockInfo | undefined {
  return parseLockInfo(diagnostics.map(({ detail }) => detail).join('\n'));
}

function endedWith(exitCode: number | null): string {
  return exitCode === null
    ? 'terragrunt was killed'
    : `terragrunt ended with exit code ${exitCode}`;
}
