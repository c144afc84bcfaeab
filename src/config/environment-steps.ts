import { type DeclaredStep, declaredSteps } from '../domain/steps/step-declaration.ts';
import type { Environment } from './workspace.ts';

/** What is run after the units of an environment, in the order of its file. */
export function environmentSteps({ file }: Pick<Environment, 'file'>): DeclaredStep[] {
  return declaredSteps(file?.steps ?? {});
}
