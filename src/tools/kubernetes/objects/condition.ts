import { z } from 'zod';

/** https://github.com/kubernetes/community/blob/main/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties */
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

export const conditionsSchema = z.array(conditionSchema).default([]);

export type Condition = z.infer<typeof conditionSchema>;

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function holds(conditions: readonly Condition[], type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}

/** What a condition gives as its cause, in one line; the reason where there is no message. */
export function causeOf(condition: Condition | undefined): string {
  if (condition === undefined) return 'no status yet';
  const { reason, message, type, status } = condition;
  return message.split('\n')[0]?.trim() || reason || `${type} is ${status}`;
}
