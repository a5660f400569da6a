/** A connector's lookups come in; whether each offers values with names is noted. */
import { isFishplateError } from '../errors.ts';
import { shown } from './report.ts';
import { describeError, mendOf, type Stage } from './stage.ts';

/** To be asked before anything is deleted. */
export async function checkLookups({ bed, installation, findings, places }: Stage): Promise<void> {
  const { runtime, account, connector } = bed;
  for (const { key, value, name, method } of Object.values(connector.lookups)) {
    const subject = `lookups.${key}`;
    findings.checked('lookups', subject);
    const at = places.connector('lookups', key);
    try {
      const options = await runtime.lookup(account, installation, key);
      const bad = options.find((option) => option.value === '' || option.name === '');
      if (options.length === 0)
        findings.warn('lookups', {
          ...{ subject, at },
          expected: `values from ${method}`,
          came: 'none: the sandbox has nothing of the kind',
          mend: 'Add seeds to its collection in sandbox.yaml.',
        });
      else if (bad)
        findings.fail('lookups', {
          ...{ subject, at },
          expected: `a value at "${value}" and a name at "${name}" of every item`,
          came: shown(bad),
          mend: `Compare both paths with what ${method} answers.`,
        });
    } catch (error) {
      if (!isFishplateError(error)) throw error;
      const mend = mendOf(error);
      findings.fail('lookups', { subject, expected: 'values', came: describeError(error), mend, at });
    }
  }
}
