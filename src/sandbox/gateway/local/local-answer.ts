import type { HttpResponse } from '../../../host/http.ts';
import type { AwsCall } from '../aws-call.ts';
import type { EmulatorMemory } from '../emulator-memory.ts';

export interface LocalState {
  readonly account: string;
  /** Set: the caller's credentials are of that account. */
  readonly callerAccount: string | null;
  readonly quotas: Readonly<Record<string, number>>;
  readonly memory: EmulatorMemory;
}

/** Undefined means: ask the emulator. `body` is parsed JSON for the JSON protocol, else text. */
export type LocalAnswer = (
  state: LocalState,
  call: AwsCall,
  body: unknown,
) => HttpResponse | undefined;

/** Content type of the services that are answered here. */
export const awsJson = 'application/x-amz-json-1.1';
