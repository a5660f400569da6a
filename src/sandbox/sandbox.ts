/** A connector and its script come in; the vendor goes out, ready to listen, with its screens, faults and log. */
import type { KeyObject } from 'node:crypto';
import type { Connector } from '../definition/connector.ts';
import { FishplateError } from '../errors.ts';
import type { World } from '../wire.ts';
import { realWorld } from '../world.ts';
import { type AccessSnapshot, createAccess, type SandboxAccess } from './access.ts';
import { createAdmin } from './admin.ts';
import { type CollectionsSnapshot, createCollections } from './collections.ts';
import { secretForms } from './credentials.ts';
import { createFaults, type Faults } from './faults.ts';
import { type ListenOptions, openServers } from './listen.ts';
import { portsOf, urlsOf } from './ports.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { type SandboxScript, tokenRulesOf } from './script.ts';
import { createServe, type ServeParts } from './serve.ts';
import { createTokens, type IssuedToken } from './token.ts';
import { createVendor } from './vendor.ts';

export interface SandboxOptions {
  readonly connector: Connector;
  readonly script: SandboxScript;
  /** Default: the real clock and dice. */
  readonly world?: World;
  /** Whether the entities that the script lists as seeds are there at the start. Default: true. */
  readonly seed?: boolean;
  /** RSA private key that tokens are signed with. Default: one of this sandbox's own, made with the first token. */
  readonly signingKey?: KeyObject;
  /**
   * The script is known to fit the definition, as loading has found: the vendor is put together with the first request.
   * Default: false.
   */
  readonly checked?: boolean;
}

export interface ListeningSandbox {
  /** Base URL by host name of the definition. */
  readonly urls: Readonly<Record<string, string>>;
  /** Takes no new requests, lets those under way end for two seconds, then breaks them off. */
  close(): Promise<void>;
}

/** Plain JSON. Secrets and tokens are in it as SHA-256 only; faults and the request log are not in it. */
export interface SandboxSnapshot {
  readonly format: 1;
  readonly connector: string;
  readonly access: AccessSnapshot;
  readonly tokens: readonly IssuedToken[];
  readonly collections: CollectionsSnapshot;
}

export interface Sandbox {
  readonly connector: Connector;
  /** Service users, policies, access keys: what an administrator does in the vendor's screens. */
  readonly access: SandboxAccess;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /**
   * Opens a port for the API and one for each other origin of the definition's hosts. The screens are on the API port
   * under /_sandbox, for programs on this machine only. Throws `sandbox.port-in-use`.
   */
  listen(options?: ListenOptions): Promise<ListeningSandbox>;
  snapshot(): SandboxSnapshot;
  /** Replaces everything that is stored. Throws `sandbox.invalid` for a snapshot of another vendor or format. */
  restore(snapshot: SandboxSnapshot): void;
}

/** Plays a vendor. Throws `sandbox.invalid` when script and definition do not fit each other, unless they are `checked`. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { connector, script, world = realWorld } = options;
  const access = createAccess(script, world, secretForms(connector, script));
  const tokens = createTokens(tokenRulesOf(script), options.signingKey);
  const collections = createCollections();
  const faults = createFaults();
  const requests = createRequestLog();
  let isSeeded = options.seed === false;
  let parts: ServeParts | undefined;
  const putTogether = (): ServeParts => {
    if (parts) return parts;
    const vendor = createVendor({
      ...{ connector, script, world, access, tokens, collections },
      switches: faults.switches,
    });
    if (!isSeeded) vendor.seed();
    isSeeded = true;
    const admin = createAdmin({ access, faults, requests, collections, vendor, connector, script });
    parts = { connector, world, vendor, faults, requests, admin };
    return parts;
  };
  if (!options.checked) putTogether();
  return {
    connector,
    access,
    faults,
    requests,
    listen: async (listenOptions) => {
      const { origins, close } = await openServers(
        portsOf(connector),
        (port, closing) => {
          let serve: ReturnType<typeof createServe> | undefined;
          return (incoming, outgoing) => {
            serve ??= createServe(putTogether(), port, closing);
            void serve(incoming, outgoing);
          };
        },
        world,
        listenOptions,
      );
      return { urls: urlsOf(connector, origins), close };
    },
    snapshot: () => {
      if (!isSeeded) putTogether();
      return {
        format: 1,
        connector: connector.name,
        access: access.snapshot(),
        tokens: tokens.snapshot().filter((token) => token.expiresAt > world.now()),
        collections: collections.snapshot(),
      };
    },
    restore: (snapshot) => {
      if (snapshot.format !== 1 || snapshot.connector !== connector.name)
        throw new FishplateError(
          'sandbox.invalid',
          `The snapshot (format ${snapshot.format}, of ${snapshot.connector}) is not one of the sandbox of ${connector.name}`,
        );
      access.restore(snapshot.access);
      tokens.restore(snapshot.tokens);
      collections.restore(snapshot.collections);
      isSeeded = true;
    },
  };
}
