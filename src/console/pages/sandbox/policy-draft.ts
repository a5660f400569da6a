/** What was filled in for a permission policy comes in; its statements go out - and statements as words. Pure. */
import type { PlayedPolicy, PolicyStatement, VendorRules } from '../../api/sandbox-answers.ts';
import { listOf } from '../../parts/format.ts';

export type Reach = 'all' | 'reading' | 'changing';

export interface PolicyDraft {
  readonly name: string;
  readonly description: string;
  readonly reach: Reach;
  /** Keys of methods, one in each line; `*` stands for any text. Empty: all. */
  readonly allowed: string;
  readonly denied: string;
}

export const emptyPolicy: PolicyDraft = {
  ...{ name: '', description: '', reach: 'all', allowed: '', denied: '' },
};

export function policyOf({ name, description, reach, allowed, denied }: PolicyDraft): PlayedPolicy {
  const patterns = linesOf(allowed);
  const except = linesOf(denied);
  return {
    name: name.trim(),
    ...(description.trim() !== '' && { description: description.trim() }),
    statements: [
      {
        ...{ effect: 'allow', methods: patterns.length > 0 ? patterns : ['*'] },
        ...(reach !== 'all' && { reading: reach === 'reading' }),
      },
      ...(except.length > 0 ? [{ effect: 'deny' as const, methods: except }] : []),
    ],
  };
}

const linesOf = (text: string) =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** "Allows reading everything", "Denies accounts.delete", "Denies alerts.* without Subscriptions: Yuno". */
export function describeStatement(
  { effect, methods, reading, unless = {} }: PolicyStatement,
  rules?: Pick<VendorRules, 'serviceUsers'>,
): string {
  const verb = effect === 'allow' ? 'Allows' : 'Denies';
  const what = methods.includes('*') ? 'everything' : listOf(methods);
  const does = reading === undefined ? '' : reading ? 'reading ' : 'changing ';
  const conditions = Object.entries(unless).map(([name, values]) => {
    const { label = name, labels = {} } = rules?.serviceUsers?.details?.[name] ?? {};
    return `${label}: ${values.map((value) => labels[value] ?? value).join(' or ')}`;
  });
  const lacking = conditions.length > 0 ? ` without ${listOf(conditions)}` : '';
  return `${verb} ${does}${what}${lacking}`;
}
