import { z } from 'zod';

/** Everything that `steps:` of an `env.yaml` may name; each has a file of its own in `src/steps`. */
export const STEP_NAMES = [
  'cluster',
  'node-groups',
  'addons',
  'nodes',
  'coredns',
  'crds',
  'webhooks',
  'istio-restart',
  'gpu-check',
  'storage-class',
  'load-balancer',
  'certificate',
] as const;

export type StepName = (typeof STEP_NAMES)[number];

const deadlineSeconds = z
  .int()
  .min(1)
  .max(7200)
  .describe('how long it may wait until the step has failed')
  .optional();

const qualifiedName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*\/[a-z0-9][a-z0-9.-]*$/, 'must be <namespace>/<name>');

const plain = z.strictObject({ deadlineSeconds });

/** What each step can be told beside its name. */
export const stepOptionsSchema = z.strictObject({
  cluster: plain.optional(),
  'node-groups': plain.optional(),
  addons: plain.optional(),
  nodes: plain.optional(),
  coredns: plain.optional(),
  crds: z
    .strictObject({
      deadlineSeconds,
      names: z.array(z.string().min(1)).min(1).describe('full names, <plural>.<group>'),
    })
    .optional(),
  webhooks: z
    .strictObject({
      deadlineSeconds,
      mutating: z.array(z.string().min(1)).describe('names of configurations').optional(),
      validating: z.array(z.string().min(1)).describe('names of configurations').optional(),
    })
    .optional(),
  'istio-restart': z
    .strictObject({
      deadlineSeconds,
      deployment: qualifiedName.describe('the gateway').optional(),
      controlPlane: qualifiedName.describe('deployment of istiod').optional(),
      injector: z.string().describe('its mutating webhook configuration').optional(),
    })
    .optional(),
  'gpu-check': z
    .strictObject({
      deadlineSeconds,
      namespace: z.string().describe('where the operator and its DaemonSets are').optional(),
      smokePod: z
        .boolean()
        .describe('run nvidia-smi in a pod with one GPU; default true')
        .optional(),
      smokeImage: z.string().describe('image that has nvidia-smi').optional(),
    })
    .optional(),
  'storage-class': plain.optional(),
  'load-balancer': z
    .strictObject({ deadlineSeconds, services: z.array(qualifiedName).min(1) })
    .optional(),
  certificate: z
    .strictObject({ deadlineSeconds, certificates: z.array(qualifiedName).min(1) })
    .optional(),
});

export type StepOptions = z.infer<typeof stepOptionsSchema>;

/** `cluster`, or `crds: { names: […] }`: one key, the step's name. */
const declarationSchema = z.union([
  z.enum(STEP_NAMES),
  stepOptionsSchema.refine(
    (options) => Object.keys(options).length === 1,
    'must name one step, as in "- crds: { names: […] }"',
  ),
]);

/** By unit: what is run after it, in this order. */
export const stepsSchema = z.record(z.string(), z.array(declarationSchema).min(1));

/** A step of a unit, whoever runs it. */
export interface NamedStep {
  readonly unit: string;
  readonly name: string;
}

/** A step as it is to be run. */
export interface DeclaredStep extends NamedStep {
  readonly name: StepName;
  readonly options: StepOptions;
}

/** In the order of the file. */
export function declaredSteps(steps: z.infer<typeof stepsSchema>): DeclaredStep[] {
  return Object.entries(steps).flatMap(([unit, list]) =>
    list.map((entry): DeclaredStep => {
      if (typeof entry === 'string') return { unit, name: entry, options: {} };
      const [name] = Object.keys(entry) as [StepName];
      return { unit, name, options: entry };
    }),
  );
}
