import { describe, expect, it } from 'vitest';
import type { ConnectorRelease, ConsoleSetup, InstallationState } from '../../src/console/api/answers.ts';
import { categoriesOf, findConnectors, onePerName } from '../../src/console/pages/library/find-connectors.ts';
import {
  describeRest,
  describeSaved,
  rotatableIn,
  sortDependents,
} from '../../src/console/pages/setup/describe-setup.ts';
import { countOf, formatAgo, formatDuration, listOf } from '../../src/console/parts/format.ts';
import { isAt } from '../../src/console/shell/navigation-place.ts';

const release = (Name: string, more: Partial<ConnectorRelease> = {}): ConnectorRelease => ({
  ...{
    Id: 1,
    Name,
    Title: Name.toUpperCase(),
    Version: '1.0.0',
    Description: `Does ${Name}.`,
    Status: 'Approved',
  },
  ...{
    Icon: null,
    Categories: ['Billing'],
    Guide: null,
    AuthDescription: null,
    Parameters: [],
    Uploads: [],
    Authentication: [],
  },
  ...more,
});

describe('the library', () => {
  const acme = release('acme', { Categories: ['Billing', 'Data'] });
  const zeta = release('zeta', { Categories: ['Data'] });

  it('finds by every word of title, name, description and category, whatever the case', () => {
    expect(findConnectors([acme, zeta], 'does DATA', '')).toEqual([acme, zeta]);
    expect(findConnectors([acme, zeta], 'acme data', '')).toEqual([acme]);
    expect(findConnectors([acme, zeta], '', 'Billing')).toEqual([acme]);
    expect(findConnectors([acme, zeta], 'acme zeta', '')).toEqual([]);
    expect(categoriesOf([acme, zeta])).toEqual(['Billing', 'Data']);
  });

  it('shows each connector once: the newest release that takes installations', () => {
    const draft = release('acme', { Version: '2.0.0', Status: 'Draft' });
    expect(onePerName([zeta, draft, acme])).toEqual([acme, zeta]);
    expect(onePerName([draft])).toEqual([draft]);
  });
});

describe('the setup page', () => {
  const setup = (more: Partial<ConsoleSetup> = {}): ConsoleSetup => ({
    ...{ Connector: release('acme'), State: 'ready', Settings: [], Installations: [] },
    ...more,
  });
  const installation = (Id: string, State: InstallationState) => ({
    ...{ Id, State, AccountId: 'a', AccountName: 'Acme', Name: `Billing ${Id}`, StateReason: null },
  });

  it('says what each account is still asked for', () => {
    const parameter = { TargetName: 'tenant', DisplayName: 'Tenant', Level: 'account', IsOptional: false };
    const connector = release('acme', {
      Parameters: [parameter] as unknown as ConnectorRelease['Parameters'],
    });
    expect(describeRest(connector, setup())).toBe('Each account is asked for Tenant.');
    expect(describeRest(release('acme'), setup())).toBe('Accounts are asked for nothing more.');
    expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
  });

  it('says what saving brought about, and names who takes values from the console since, or no more', () => {
    const kept = installation('1', 'active');
    const begun = installation('2', 'failing');
    const ended = installation('3', 'setup-required');
    const after = setup({
      Installations: [kept, begun],
      Retested: [
        { ...kept, Dependence: 'kept' },
        { ...begun, Dependence: 'begun' },
        { ...ended, Dependence: 'ended' },
      ],
    });
    expect(describeSaved(2, after)).toBe(
      'Saved 2 settings; the console setup is ready. 2 installations tested again: 1 failing. 1 installation without all values now. ' +
        'Now with values from the console: Billing 2 (Acme). No longer with values from the console: Billing 3 (Acme).',
    );
    expect(sortDependents(after)).toMatchObject({ begun: [begun], kept: [kept], ended: [ended] });
    expect(describeSaved(1, setup({ State: 'setup-required', Retested: [] }))).toBe('Saved 1 setting.');
  });

  it('offers for rotation the credentials that the console gives, and no other setting', () => {
    const parameters = [
      { TargetName: 'key', Role: 'credentials' },
      { TargetName: 'secret', Role: 'credentials' },
      { TargetName: 'place', Role: 'environment' },
    ] as unknown as ConnectorRelease['Parameters'];
    const set = (Name: string, IsSet: boolean) => ({ Name, IsSet }) as unknown as ConsoleSetup['Settings'][0];
    const given = setup({ Settings: [set('key', true), set('secret', false), set('place', true)] });
    const found = rotatableIn(release('acme', { Parameters: parameters }), given);
    expect(found.map(({ TargetName }) => TargetName)).toEqual(['key']);
  });
});

describe('texts', () => {
  it('count, and measure time, as people do', () => {
    expect(countOf(1, 'key')).toBe('1 key');
    expect(countOf(2, 'policy', 'policies')).toBe('2 policies');
    expect(formatDuration(84.4)).toBe('84 ms');
    expect(formatDuration(1234)).toBe('1.2 s');
    const now = Date.parse('2026-01-31T12:00:00Z');
    expect(formatAgo('2026-01-31T11:57:00Z', now)).toMatch(/^3 min\. ago$/);
    expect(formatAgo('2026-01-01T00:00:00Z', now)).toMatch(/2026/);
  });

  it('know which entry of the navigation a page belongs to', () => {
    expect(isAt('/connectors/acme/setup', '/connectors')).toBe(true);
    expect(isAt('/connectorsx', '/connectors')).toBe(false);
    expect(isAt('/accounts', '/')).toBe(false);
  });
});
