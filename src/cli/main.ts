import { buildProgram } from './program.ts';

// The AWS SDK would warn on standard error that a later version will want a newer Node.js.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const program = buildProgram((exitCode) => {
  process.exitCode = exitCode;
});

await program.parseAsync();
