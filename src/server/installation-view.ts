/** An installation with the provenance of its settings comes in; it goes out as an account connector, without secrets. */
import type { Setting } from '../definition/connector.ts';
import type { FishplateError } from '../errors.ts';
import type { InstallationView, SettingState, TestResult } from '../runtime-contract.ts';
import type { StateReason } from '../store/rows.ts';
import { connectorView } from './connector-view.ts';
import { viewOfVendor } from './error-response.ts';

/** Describes an installation (installation.schema.json). Credentials are never echoed: `AuthValue` is always null. */
export function installationView(view: InstallationView): Record<string, unknown> {
  const { row } = view;
  return {
    Id: row.id,
    AccountId: row.accountId,
    Name: row.name,
    Description: row.description,
    AuthValue: null,
    AuthenticationId: row.authId,
    Authenticated: row.state === 'active',
    State: row.state,
    StateReason: reasonView(row.stateReason),
    Identity: row.identity,
    TestedDate: dateOf(row.testedAt),
    CreatedDate: dateOf(row.createdAt),
    ModifiedDate: dateOf(row.updatedAt),
    IsPartnerIntegrationConnector: false,
    Connector: connectorView(view.connector),
    Properties: propertyViews(view),
    Missing: view.missing.map(missingView),
    CustomFields: [],
  };
}

/** The settings that an account can see: those that it may give, as far as they have a value. */
export function propertyViews(view: InstallationView): Record<string, unknown>[] {
  return view.settings
    .filter(({ setting, set }) => set && setting.level !== 'console')
    .map((state) => propertyView(view.row.id, state));
}

/**
 * Describes a setting's value (property.schema.json). A secret is null, and so is what the console gives: it is shared
 * by all accounts and not theirs to read.
 */
export function propertyView(installationId: string, state: SettingState): Record<string, unknown> {
  const { setting } = state;
  const visible = state.set && !setting.secret && state.source !== 'console';
  return {
    Id: setting.id,
    Name: setting.key,
    Label: setting.label,
    Value: visible ? (state.value ?? null) : null,
    AccountConnectorId: installationId,
    Source: state.source ?? null,
    IsSensitive: setting.secret,
    IsSet: state.set,
  };
}

const missingView = ({ id, key, label }: Setting) => ({ Id: id, Name: key, Label: label });

export function reasonView(reason: StateReason | null): Record<string, string> | null {
  return reason && { Code: reason.code, Message: reason.message, Hint: reason.hint };
}

/** ISO 8601 in UTC; null stays null. */
export function dateOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

/** Describes a connection test (connection-test.schema.json). */
export function testView(result: TestResult): Record<string, unknown> {
  const { row } = result.view;
  return {
    Ok: result.ok,
    State: row.state,
    Identity: result.ok ? result.identity : row.identity,
    ...(result.ok ? {} : failureView(result.error)),
  };
}

function failureView(error: FishplateError): Record<string, unknown> {
  const { vendor } = error;
  return {
    Code: error.code,
    Message: error.message,
    Hint: error.hint,
    ...(vendor && { Vendor: viewOfVendor(vendor) }),
  };
}
