import { createRequire } from 'node:module';

/** From package.json, the one place where it stands; a JSON import would print a warning on Node.js 20. */
export const VERSION: string = createRequire(import.meta.url)('../../package.json').version;
