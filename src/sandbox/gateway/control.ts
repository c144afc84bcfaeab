import { z } from 'zod';
import type { HttpRequest, HttpResponse } from '../../host/http.ts';
import type { ForcedHealth } from '../eks/handler.ts';
import { jsonResponse } from './aws-error.ts';
import { type Fault, faultSchema } from './faults.ts';

/** What tests, benchmark and `status` may read and turn on a running gateway. */
export interface Controls {
  faults: readonly Fault[];
  latency: z.infer<typeof latencySchema>;
  /** Forced status and issues of EKS resources, by `cluster/NAME`, `node-group/CLUSTER/NAME`, `addon/CLUSTER/NAME`. */
  forced: Record<string, ForcedHealth>;
  /** Service quotas that differ from the table, by code. */
  quotas: Record<string, number>;
  /** Another account that GetCallerIdentity names, to play wrong credentials. */
  account: string | null;
  /** Calls so far, by `service.Operation`. */
  calls: Record<string, number>;
}

const latencySchema = z.strictObject({
  /** Added to each call. */
  callMs: z.number().min(0).default(0),
  /** How long EKS resources stay CREATING or UPDATING. */
  settleMs: z.number().min(0).default(0),
});

const forcedSchema = z.strictObject({
  resource: z.string(),
  status: z.string(),
  issues: z.array(z.strictObject({ code: z.string(), message: z.string() })).default([]),
});

export function newControls(): Controls {
  return {
    faults: [],
    latency: { callMs: 0, settleMs: 0 },
    forced: {},
    quotas: {},
    account: null,
    calls: {},
  };
}

interface Setting {
  show(controls: Controls): object;
  /** Throws on input that does not fit. */
  set?(controls: Controls, input: unknown): void;
  clear?(controls: Controls): void;
}

const settings: Readonly<Record<string, Setting>> = {
  faults: {
    show: (controls) => controls.faults,
    set: (controls, input) => {
      controls.faults = [...controls.faults, faultSchema.parse(input)];
    },
    clear: (controls) => {
      controls.faults = [];
    },
  },
  latency: {
    show: (controls) => controls.latency,
    set: (controls, input) => {
      controls.latency = latencySchema.parse(input);
    },
    clear: (controls) => {
      controls.latency = latencySchema.parse({});
    },
  },
  forced: {
    show: (controls) => controls.forced,
    set: (controls, input) => {
      const { resource, ...health } = forcedSchema.parse(input);
      controls.forced = { ...controls.forced, [resource]: health };
    },
    clear: (controls) => {
      controls.forced = {};
    },
  },
  quotas: {
    show: (controls) => controls.quotas,
    set: (controls, input) => {
      controls.quotas = { ...controls.quotas, ...z.record(z.string(), z.number()).parse(input) };
    },
    clear: (controls) => {
      controls.quotas = {};
    },
  },
  account: {
    show: (controls) => ({ account: controls.account }),
    set: (controls, input) => {
      const wanted = z.strictObject({ account: z.string().regex(/^\d{12}$/) }).parse(input);
      controls.account = wanted.account;
    },
    clear: (controls) => {
      controls.account = null;
    },
  },
  calls: {
    show: (controls) => ({
      total: Object.values(controls.calls).reduce((sum, count) => sum + count, 0),
      byOperation: controls.calls,
    }),
    clear: (controls) => {
      controls.calls = {};
    },
  },
};

const prefix = '/_platform/';

export function isControlPath(path: string): boolean {
  return path.startsWith(prefix);
}

/**
 * GET shows a setting, POST adds to it, DELETE puts it back.
 *
 * @param shown what there is to see beside the settings, by name
 */
export function answerControl(
  controls: Controls,
  shown: Readonly<Record<string, object>>,
  request: HttpRequest,
): HttpResponse {
  const name = request.path.slice(prefix.length);
  const only = shown[name];
  if (only !== undefined && request.method === 'GET') return jsonResponse(only);
  const setting = settings[name];
  const change = { GET: () => undefined, POST: setting?.set, DELETE: setting?.clear }[
    request.method
  ];
  if (setting === undefined || change === undefined) {
    return jsonResponse({ message: `no ${request.method} ${request.path}` }, undefined, 404);
  }
  try {
    const text = new TextDecoder().decode(request.body);
    change(controls, text === '' ? {} : JSON.parse(text));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return jsonResponse({ message }, undefined, 400);
  }
  return jsonResponse(setting.show(controls));
}
