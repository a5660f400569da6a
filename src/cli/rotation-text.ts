/** A rotation as the API describes it comes in, lines for a person go out. */
import type { RotationAnswer } from './api-views.ts';

type TestView = NonNullable<RotationAnswer['Test']>;

/** What is staged, what the last test found, and until when there is a fallback. */
export function formatRotation(name: string, { Staged, Fallback, Test }: RotationAnswer): string {
  const staged = Staged
    ? `  staged: ${Staged.Settings.join(', ')}, until ${Staged.PurgeDate}\n`
    : '  staged: nothing\n';
  const used = Fallback?.UsedDate
    ? `    last used ${Fallback.UsedDate}, since the new ones were refused [${Fallback.UsedFor ?? ''}]\n`
    : '';
  const fallback = Fallback
    ? `  fallback: ${Fallback.Settings.join(', ')}, until ${Fallback.PurgeDate}\n${used}`
    : '  fallback: none\n';
  const test = Test ?? Staged?.Test;
  return `${name}:\n${staged}${test ? formatTest(test) : ''}${fallback}`;
}

function formatTest({ Ok, Tested, Failed, Installations }: TestView): string {
  const verdict = Ok ? 'the new credentials work' : 'the new credentials are refused';
  const found = Installations.map(({ Id, Ok: isGood, ChangedIdentity, Identity, Code, Message, Hint }) => {
    if (!isGood) return `    ${Id}: ${Message ?? ''} [${Code ?? ''}]\n      hint: ${Hint ?? ''}\n`;
    const changes = ChangedIdentity.map((field) => `${field}: ${String(Identity?.[field])}`);
    return changes.length > 0 ? `    ${Id}: another ${changes.join(', ')}\n` : '';
  });
  return `  test: ${verdict} (${Tested - Failed} of ${Tested} installations)\n${found.join('')}`;
}
