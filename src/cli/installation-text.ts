/** An installation as the API describes it comes in, lines for a person go out. */
import type { InstallationAnswer, TestAnswer } from './api-views.ts';

/** What state it is in, who it is, and what to do next when it does not work. */
export function formatInstallation(installation: InstallationAnswer): string {
  const { Name, Id, State, StateReason, Missing, Identity } = installation;
  const reason = StateReason
    ? `  ${StateReason.Message} [${StateReason.Code}]\n  hint: ${StateReason.Hint}\n`
    : '';
  const missing =
    Missing.length > 0
      ? `  missing: ${Missing.map(({ Label, Name: key }) => `${Label} (${key})`).join(', ')}\n`
      : '';
  return `${Name}: ${State}\n  id: ${Id}\n${missing}${reason}${State === 'active' ? formatIdentity(Identity) : ''}`;
}

export function formatTest(name: string, { Ok, State, Identity, Code, Message, Hint }: TestAnswer): string {
  if (Ok) return `${name}: ${State}\n${formatIdentity(Identity)}`;
  return `${name}: ${State}\n  ${Message ?? 'the test failed'} [${Code ?? ''}]\n  hint: ${Hint ?? ''}\n`;
}

function formatIdentity(identity: InstallationAnswer['Identity']): string {
  const fields = Object.entries(identity ?? {}).filter(([, value]) => value !== null);
  if (fields.length === 0) return '';
  return `  who:\n${fields.map(([name, value]) => `    ${name}: ${String(value)}\n`).join('')}`;
}
