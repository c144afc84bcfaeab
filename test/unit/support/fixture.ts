import { readFileSync } from 'node:fs';

/** Recorded output of a real tool, such as `terraform/1.11.4/create.json`. */
export function fixture(path: string): string {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
}
