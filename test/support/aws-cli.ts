import { execa } from 'execa';

/** The AWS CLI on these settings; its answer as JSON, or an error with what it said. */
export function awsCli(env: Readonly<Record<string, string>>) {
  return async (...args: string[]): Promise<unknown> => {
    const { stdout } = await execa('aws', [...args, '--output=json'], {
      env: { ...env, AWS_PAGER: '' },
    });
    return stdout === '' ? {} : JSON.parse(stdout);
  };
}
