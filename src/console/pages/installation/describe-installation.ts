/** An installation comes in; sentences about it, and the rows of its settings, go out. Pure. */
import type { ConsoleSetup, Parameter, ValueSource } from '../../api/answers.ts';
import type { Installation, SetupLink } from '../../api/installation-answers.ts';
import { listOf, sentence } from '../../parts/format.ts';
import { describeIdentity } from '../../parts/identity.ts';
import { accountParameters } from '../../parts/installation-settings.ts';
import { titleOfReason } from '../../parts/test-reason.ts';

export interface Standing {
  readonly title: string;
  readonly text: string;
}

/** How it is, and what to do next. */
export function describeStanding(installation: Installation): Standing {
  const { State, StateReason: reason, Identity, Missing, Connector } = installation;
  switch (State) {
    case 'active':
      return {
        title: 'The connection works',
        text: `Calls are made as ${describeIdentity(Identity) ?? `the owner of the credentials at ${Connector.Title}`}.`,
      };
    case 'failing':
      return reason
        ? { title: titleOfReason(reason.Code), text: `${sentence(reason.Message)} ${reason.Hint}` }
        : { title: 'The connection could not be proven', text: 'Test it again to see why.' };
    case 'de-authenticated':
      return {
        title: 'De-authenticated',
        text: 'The credentials of the account were forgotten, and calls are refused. Authenticate again below; the id stays the same.',
      };
    case 'setup-required':
      return Missing.length === 0
        ? { title: 'Not proven yet', text: 'Nothing is missing. Test the connection to make it active.' }
        : {
            title: 'Its setup is required',
            text: `Still to give: ${listOf(Missing.map(({ Label }) => Label))}. Fill it in below, or send your customer a setup link.`,
          };
  }
}

export interface SettingRow {
  readonly key: string;
  readonly label: string;
  readonly isSensitive: boolean;
  readonly isSet: boolean;
  /** Whether nothing works without it. */
  readonly isMissing: boolean;
  /** Null for secrets, for what the console gives and this session may not read, and where there is none. */
  readonly value: string | null;
  readonly source: ValueSource | null;
}

/** What the account may give, then what only the console does - as far as this session is told. */
export function settingRows(installation: Installation, setup: ConsoleSetup | undefined): SettingRow[] {
  const { Connector, AuthenticationId, Properties, Missing } = installation;
  const own = accountParameters(Connector, AuthenticationId).map((parameter): SettingRow => {
    const found = Properties.find(({ Name }) => Name === parameter.TargetName);
    return {
      ...rowOf(parameter),
      isSet: found?.IsSet ?? false,
      isMissing: Missing.some(({ Name }) => Name === parameter.TargetName),
      value: nameOfValue(parameter, found?.Value ?? null),
      source: found?.Source ?? null,
    };
  });
  if (!setup) return own;
  const shared = Connector.Parameters.filter(({ Level }) => Level === 'console').map(
    (parameter): SettingRow => {
      const given = setup.Settings.find(({ Name, IsSet }) => Name === parameter.TargetName && IsSet);
      const value = given?.Value ?? (given ? null : parameter.DefaultValue);
      return {
        ...rowOf(parameter),
        isSet: given !== undefined || parameter.DefaultValue !== null,
        isMissing: Missing.some(({ Name }) => Name === parameter.TargetName),
        value: nameOfValue(parameter, value),
        source: given ? 'console' : parameter.DefaultValue === null ? null : 'default',
      };
    },
  );
  return [...own, ...shared];
}

const rowOf = ({ TargetName, DisplayName, IsSensitive }: Parameter) => ({
  ...{ key: TargetName, label: DisplayName, isSensitive: IsSensitive },
});

/** "Production (prod)": as people know it, and as it is sent. */
function nameOfValue({ Choices }: Parameter, value: string | null): string | null {
  const name = Choices.find(({ Value }) => Value === value)?.Name;
  return value === null || name === undefined || name === value ? value : `${name} (${value})`;
}

export type LinkState = 'open' | 'used' | 'expired';

export function stateOfLink({ UsedDate, ExpiresDate }: SetupLink, nowMs: number): LinkState {
  if (UsedDate !== null) return 'used';
  return new Date(ExpiresDate).getTime() <= nowMs ? 'expired' : 'open';
}
