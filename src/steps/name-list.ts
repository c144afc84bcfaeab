const SHOWN = 3;

/** At most three names, then how many more: a line stays a line with a thousand nodes. */
export function nameList(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  const shown = names.slice(0, SHOWN).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
