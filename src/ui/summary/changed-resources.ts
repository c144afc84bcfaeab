import type { RunRecord } from '../../domain/run-record.ts';

export interface ChangedResource {
  readonly unit: string;
  readonly sign: '~' | '+' | '>';
  readonly address: string;
  /** What changes, by name. */
  readonly what: string;
}

/**
 * Resources that a person wants to see by name: what changes in place, and what is new in a unit that
 * exists. What is replaced or deleted stands under READ FIRST; a new unit is all creates.
 */
export function changedResources(record: RunRecord): ChangedResource[] {
  return record.units
    .filter(({ label, isNew }) => label !== 'mocked' && !isNew)
    .flatMap(({ unit, resources }) =>
      resources.flatMap(({ address, actions, attributes, values }): ChangedResource[] => {
        if (actions.includes('update')) {
          const shown = values.map(
            ({ attribute, before, after }) => `${attribute} ${before} -> ${after}`,
          );
          const rest = attributes.filter(
            (name) => !values.some(({ attribute }) => attribute === name),
          );
          return [{ unit, sign: '~', address, what: [...shown, ...rest].join(', ') }];
        }
        if (actions.includes('create')) return [{ unit, sign: '+', address, what: '' }];
        const quiet = actions.filter((action) => action === 'import' || action === 'move');
        return quiet.length === 0 ? [] : [{ unit, sign: '>', address, what: quiet.join(', ') }];
      }),
    );
}
