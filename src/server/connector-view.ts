/** A connector comes in; it goes out as the partner API describes connectors: parameters, ways to authenticate, lookups. */
import type { AuthMethod, Connector, ReleaseStatus, Setting } from '../definition/connector.ts';
import { aliasesOf } from '../installation/credentials-paste.ts';
import { credentialSettings } from '../installation/rotation.ts';

const statuses: Readonly<Record<ReleaseStatus, string>> = {
  live: 'Approved',
  draft: 'Draft',
  deprecated: 'Deprecated',
};

/** Describes a release (connector-release.schema.json). */
export function connectorView(connector: Connector): Record<string, unknown> {
  const auth = connector.auth.map(authView);
  return {
    ...connectorBrief(connector),
    Description: connector.description,
    Status: statuses[connector.status],
    Icon: connector.icon ?? null,
    Categories: connector.categories,
    Guide: connector.guide ?? null,
    AuthDescription: auth[0]?.AuthDescription ?? null,
    AuthType: auth[0]?.AuthType ?? 'None',
    OAuth2Type: auth[0]?.OAuth2Type ?? 'Unknown',
    AuthScheme: auth[0]?.AuthScheme ?? null,
    Parameters: Object.values(connector.settings).map((setting) => settingView(setting, connector)),
    Authentication: auth,
    Triggers: Object.values(connector.lookups).map((lookup) => ({
      TriggerId: lookup.id,
      Key: lookup.key,
      Name: lookup.label,
      MethodId: connector.methods[lookup.method]?.id ?? null,
      IdentifierKey: lookup.value,
      HumanReadableKey: lookup.name,
    })),
    Uploads: Object.values(connector.uploads).map((upload) => ({
      Key: upload.key,
      Name: upload.label,
      Description: upload.description,
      MethodId: connector.methods[upload.request]?.id ?? null,
      FileFields: Object.values(upload.file),
      ContentTypes: upload.contentTypes,
      MaximumBytes: upload.maximumBytes,
    })),
  };
}

/** Which release it is. `Id` is the release's, `UniqueIdentifier` the same in every release. */
export function connectorBrief(connector: Connector): Record<string, unknown> {
  return {
    Id: connector.id,
    UniqueIdentifier: connector.uuid,
    Name: connector.name,
    Title: connector.title,
    Version: connector.version,
  };
}

/** Which setting it is; never its value. */
export const settingBrief = (setting: Setting) => ({
  Id: setting.id,
  Name: setting.key,
  Label: setting.label,
  Level: setting.level,
  IsSensitive: setting.secret,
});

/** A setting as a parameter. The partner API's two levels leave no word for "either": both are true then. */
export function settingView(setting: Setting, connector: Connector): Record<string, unknown> {
  return {
    Id: setting.id,
    Name: setting.label,
    TargetType: 'Script',
    TargetName: setting.key,
    DisplayName: setting.label,
    Description: setting.description,
    DataType: 'Text',
    IsAccountConnectorProperty: setting.level !== 'console',
    IsPartnerConnectorProperty: setting.level !== 'account',
    IsSensitive: setting.secret,
    IsOptional: !setting.required || setting.default !== undefined,
    IsMultiline: setting.multiline,
    DefaultValue: setting.default ?? null,
    TriggerName: null,
    Values: (setting.choices ?? []).map(({ value }) => value),
    ...ownSettingView(setting, connector),
  };
}

/** What forms need and the partner API lacks. */
function ownSettingView(setting: Setting, connector: Connector): Record<string, unknown> {
  return {
    Level: setting.level,
    IsCallOverridable: setting.overridable === 'call',
    Group: setting.group ?? null,
    Role: roleOf(setting, connector),
    Aliases: aliasesOf(setting),
    AuthenticationIds: setting.auth ?? null,
    Choices: (setting.choices ?? []).map(({ value, label }) => ({ Value: value, Name: label })),
    IsOpen: setting.open || setting.choices === undefined,
    Pattern: setting.pattern ?? null,
    PatternHint: setting.patternHint ?? null,
    MaxLength: setting.maxLength,
    Help: setting.help ?? null,
  };
}

/** What of a connection the setting decides: which field a failed test speaks of. The organisation goes by the name that the identity has for it. */
function roleOf(setting: Setting, connector: Connector): string | null {
  if (credentialSettings(connector).includes(setting)) return 'credentials';
  if (setting.key === connector.environments.setting) return 'environment';
  return setting.key === connector.test.organisation ? 'organisation' : null;
}

interface AuthView {
  readonly Id: string;
  readonly AuthName: string;
  readonly AuthDescription: string;
  readonly AuthType: string;
  readonly OAuth2Type: string;
  readonly AuthScheme: string | null;
}

function authView(auth: AuthMethod): AuthView {
  return { Id: auth.id, AuthName: auth.label, AuthDescription: auth.description, ...authWords(auth) };
}

function authWords(auth: AuthMethod): Pick<AuthView, 'AuthType' | 'OAuth2Type' | 'AuthScheme'> {
  switch (auth.kind) {
    case 'client-credentials':
      return { AuthType: 'OAuth2', OAuth2Type: 'ClientCredentials', AuthScheme: 'Bearer' };
    case 'login':
      return { AuthType: 'Custom', OAuth2Type: 'Unknown', AuthScheme: auth.place.name };
    case 'api-key':
      return { AuthType: 'ApiKey', OAuth2Type: 'Unknown', AuthScheme: auth.name };
    case 'bearer':
      return { AuthType: 'ApiKey', OAuth2Type: 'Unknown', AuthScheme: 'Bearer' };
    case 'basic':
      return { AuthType: 'Basic', OAuth2Type: 'Unknown', AuthScheme: 'Basic' };
  }
}
