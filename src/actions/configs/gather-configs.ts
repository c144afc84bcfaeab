import { join, relative, resolve } from 'node:path';
import type { UnitConfig } from '../../domain/unit-config.ts';
import {
  attributeRenders,
  type DependencyFacts,
  dependencyFacts,
  unitsAt,
} from '../../tools/terragrunt/attribution.ts';
import type { Found } from '../../tools/terragrunt/discovery.ts';
import { ANY_DEPENDENCY, parseReferences } from '../../tools/terragrunt/references.ts';
import type { RenderedUnit } from '../../tools/terragrunt/render.ts';
import { unprovenDependencies } from '../../tools/terragrunt/unproven.ts';
import { mapAtMost } from '../map-at-most.ts';
import { once } from '../once.ts';
import {
  borrowedDependencies,
  dependenciesOfFile,
  type LendingSources,
} from './borrowed-dependencies.ts';
import { type ConfigText, createTextReader, type UnitTexts } from './config-texts.ts';

export interface ConfigSources extends LendingSources {
  readonly units: readonly Found[];
  /** From one process for all units; empty where that failed. */
  readonly rendered: readonly RenderedUnit[];
}

const RENDERS_AT_ONCE = 4;

/** By unit: what its files say. Processes start only for what one rendering of all leaves open. */
export async function gatherConfigs(sources: ConfigSources): Promise<Map<string, UnitConfig>> {
  const { files, folder, units, rendered } = sources;
  const textsOf = createTextReader(files, folder);
  const certain = attributeRenders(folder, units, rendered);
  const ofUnit = once(async (unit: Found) => {
    return ownDependencies(sources, unit, certain.get(unit.path), await textsOf(unit));
  });
  const ofFile = once((file: ConfigText) => dependenciesOfFile(sources, file));
  const byFile = new Map(units.map((unit) => [join(folder, unit.path, 'terragrunt.hcl'), unit]));
  const lenders = { unitOf: (file: string) => byFile.get(file), ofUnit, ofFile };
  const configs = await mapAtMost(RENDERS_AT_ONCE, units, async (unit): Promise<UnitConfig> => {
    const texts = await textsOf(unit);
    const borrowed = await borrowedDependencies(folder, texts.read, lenders);
    return {
      unit: unit.path,
      dependencies: await byRealPath(
        sources,
        withReads([...(await ofUnit(unit)), ...borrowed], texts),
      ),
      readsFiles: unit.reads.map((path) => resolve(folder, path)),
    };
  });
  return new Map(configs.map((config) => [config.unit, config]));
}

/** A path through a link leads to a unit that has another name here. */
async function byRealPath(
  { files, folder, units }: ConfigSources,
  dependencies: UnitConfig['dependencies'],
): Promise<UnitConfig['dependencies']> {
  const known = new Set(units.map(({ path }) => path));
  return Promise.all(
    dependencies.map(async (dependency) => {
      if (known.has(dependency.unit)) return dependency;
      const real = await files.realPath(join(folder, dependency.unit));
      return real === undefined
        ? dependency
        : { ...dependency, unit: relative(folder, real) || '.' };
    }),
  );
}

function withReads(
  dependencies: readonly DependencyFacts[],
  { own, read }: UnitTexts,
): UnitConfig['dependencies'] {
  const mentioned = parseReferences([...own, ...read].map(({ text }) => text));
  const readsAny = mentioned.has(ANY_DEPENDENCY);
  return dependencies.map((facts) => ({
    ...facts,
    reads: facts.reads ?? (readsAny ? 'all' : (mentioned.get(facts.name) ?? [])),
  }));
}

async function ownDependencies(
  sources: ConfigSources,
  unit: Found,
  attributed: readonly DependencyFacts[] | undefined,
  { own }: UnitTexts,
): Promise<readonly DependencyFacts[]> {
  const declared = [...new Set(own.flatMap(({ declares }) => declares))];
  // Blocks stand in the text: nothing can make one. What else `find` says is only order.
  if (declared.length === 0) return [];
  const isDeclared = ({ name }: DependencyFacts) =>
    declared.includes(name) || declared.includes(ANY_DEPENDENCY);
  // A line that names what the texts do not declare is another unit's after all.
  const facts = attributed?.every(isDeclared)
    ? attributed
    : await renderedAlone(sources, unit, declared, own);
  return facts.flatMap((dependency) => unitsOfStack(dependency, unit.dependencies));
}

async function renderedAlone(
  { folder, render }: ConfigSources,
  { path, dependencies }: Found,
  declared: readonly string[],
  own: readonly ConfigText[],
): Promise<readonly DependencyFacts[]> {
  const rendered = await render(join(folder, path));
  if (rendered !== undefined) return dependencyFacts(folder, path, rendered);
  const texts = own.map(({ text }) => text);
  return unprovenDependencies(dependencies, declared, texts);
}

/**
 * The outputs of a stack are those of its units, under their names, and so are its mocks. What a unit
 * has is never found under those names: mocks that are merged count as used.
 */
function unitsOfStack(facts: DependencyFacts, found: readonly string[]): DependencyFacts[] {
  const units = unitsAt(facts.unit, found);
  if (units.includes(facts.unit)) return [facts];
  return units.map((unit) => ({ ...facts, unit, reads: 'all' }));
}
