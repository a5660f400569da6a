/** A connector's methods, their schemas, lookups, previews and calls, as hooks and as functions. */
import { useQuery } from '@tanstack/react-query';
import type { Installation } from './installation-answers.ts';
import type { Place } from './installations.ts';
import { keys } from './keys.ts';
import { type Answer, ask, pathOf, request } from './request.ts';

/** connector-method.schema.json, in brief. */
export interface MethodBrief {
  readonly Id: number;
  readonly Key: string;
  readonly Name: string;
  readonly Description: string;
  readonly Category: string;
  readonly HttpMethod: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly EndPoint: string;
  /** Whether a call changes nothing at the vendor. */
  readonly IsReadOnly: boolean;
  readonly IsDeprecated: boolean;
  readonly IsBeta: boolean;
  readonly IsPaged: boolean;
  readonly TakesMerge: boolean;
  readonly TakesStrict: boolean;
  /** The list in the body that may be longer than its schema says: it is split into several requests. */
  readonly BatchedList: string | null;
  readonly Warning: string | null;
  /** Dotted paths of secrets in body and answer. */
  readonly SensitivePaths: readonly string[];
}

/** JSON Schema 2020-12; this product adds `lookup`, which names who can tell the values. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** method-schema.schema.json */
export interface MethodSchema {
  readonly Parameters: JsonSchema;
  readonly IsBodyOptional: boolean;
  readonly Body: JsonSchema | null;
}

/** method-call.schema.json */
export interface MethodCall {
  readonly Parameters: Readonly<Record<string, unknown>>;
  readonly Body?: unknown;
  readonly Settings?: Readonly<Record<string, string>>;
  readonly Merge?: true;
  readonly Strict?: true;
}

/** preview.schema.json */
export interface Preview {
  readonly Method: string;
  readonly Url: string;
  readonly Headers: Readonly<Record<string, string>>;
  readonly Body?: unknown;
  /** The credential stands in it as $TOKEN. */
  readonly Curl: string;
  readonly Batches?: number;
  readonly Provenance: readonly { readonly Name: string; readonly In: string; readonly Source: string }[];
}

/** lookup-option.schema.json */
export interface LookupOption {
  readonly Value: string;
  readonly Name: string;
}

/** All of them, without parameters and fields; those come with the schema of the one that is opened. */
export function useMethods(connector: Installation['Connector'] | undefined) {
  return useQuery({
    queryKey: [...keys.methods(connector?.Name ?? ''), connector?.Version],
    queryFn: ({ signal }) =>
      request<readonly MethodBrief[]>('GET', pathOf`connectors/${connector?.Id ?? ''}/methods`, {
        ...{ query: { brief: true }, signal },
      }),
    enabled: connector !== undefined,
    // Connectors change with a restart of the API.
    staleTime: 300_000,
  });
}

export interface InstalledSchema {
  readonly schema: MethodSchema;
  /** Why the organisation's own fields are not among them. */
  readonly incomplete?: unknown;
}

/** With the organisation's custom fields; without them when the vendor cannot be asked. */
export function useMethodSchema(place: Place, connectorId: number, method: string) {
  const { account, installation } = place;
  return useQuery({
    queryKey: [...keys.installation(account, installation), 'schema', method],
    queryFn: async ({ signal }): Promise<InstalledSchema> => {
      const own = pathOf`account/connectors/${installation}/methods/${method}/schema`;
      try {
        return { schema: await request<MethodSchema>('GET', own, { account, signal }) };
      } catch (incomplete) {
        if (signal.aborted) throw incomplete;
        const general = pathOf`connectors/${connectorId}/methods/${method}/schema`;
        return { schema: await request<MethodSchema>('GET', general, { signal }), incomplete };
      }
    },
    staleTime: 300_000,
  });
}

/** Asked for when `enabled`, and kept for a minute: a list may take the vendor many pages. */
export function useLookup({ account, installation }: Place, lookup: string, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.installation(account, installation), 'lookup', lookup],
    queryFn: ({ signal }) =>
      request<readonly LookupOption[]>(
        'POST',
        pathOf`account/connectors/${installation}/triggers/${lookup}`,
        {
          ...{ account, body: {}, signal },
        },
      ),
    enabled,
    staleTime: 60_000,
    retry: false,
  });
}

export function previewCall(
  { account, installation }: Place,
  method: string,
  body: MethodCall,
  signal?: AbortSignal,
): Promise<Preview> {
  const path = pathOf`account/connectors/${installation}/preview/${method}`;
  return request<Preview>('POST', path, { account, body, signal });
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
}

/** A checked upload.schema.json. */
export interface UploadCall {
  readonly FileName: string;
  readonly ContentType: string;
  /** In base64. */
  readonly Content: string;
  readonly Encoding: 'base64';
  readonly Parameters: MethodCall['Parameters'];
  readonly Body?: unknown;
}

/** upload-result.schema.json */
export interface UploadResult {
  readonly JobId: string;
  readonly Status: string;
  readonly Job?: unknown;
}

/** Resolves when the vendor has processed the file, which may take minutes. */
export function uploadFile(
  { account, installation }: Place,
  upload: string,
  body: UploadCall,
  signal?: AbortSignal,
): Promise<UploadResult> {
  const path = pathOf`account/connectors/${installation}/uploads/${upload}`;
  return request<UploadResult>('POST', path, { account, body, signal });
}

/** The vendor's answer, with what the headers say of the call. */
export function callMethod(
  { account, installation }: Place,
  method: string,
  body: MethodCall,
  { signal, idempotencyKey = '' }: CallOptions = {},
): Promise<Answer<unknown>> {
  return ask<unknown>('POST', pathOf`account/connectors/${installation}/methods/${method}`, {
    ...{ account, body, signal },
    headers: idempotencyKey === '' ? {} : { 'Idempotency-Key': idempotencyKey },
  });
}
