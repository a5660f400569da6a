/** An auth method comes in; the settings that it is made of go out. */
import type { AuthMethod } from './connector.ts';
import { placeholderNames, type Template } from './template.ts';

/** What proves who we are, in the order in which people name it: who, then the secret; or the secret alone. */
export function credentialTemplates(auth: AuthMethod): Template[] {
  switch (auth.kind) {
    case 'client-credentials': {
      const proof = auth.clientSecret ?? auth.assertion?.key;
      return proof ? [auth.clientId, proof] : [auth.clientId];
    }
    case 'login':
      return [...Object.values(auth.headers), ...Object.values(auth.fields)].filter(isTemplate);
    case 'basic':
      return [auth.username, auth.password];
    case 'api-key':
      return [auth.value];
    case 'bearer':
      return [auth.token];
  }
}

/** Keys of all settings that an auth method names, each once. */
export function settingsOfAuth(auth: AuthMethod): string[] {
  return [...new Set([...credentialTemplates(auth), ...otherTemplates(auth)].flatMap(placeholderNames))];
}

function otherTemplates(auth: AuthMethod): Template[] {
  if (auth.kind === 'login') return [auth.path];
  if (auth.kind !== 'client-credentials') return [];
  const { key, keyId, audience } = auth.assertion ?? {};
  return [auth.path, ...Object.values(auth.fields), ...[key, keyId, audience].filter(isTemplate)];
}

const isTemplate = (value: unknown): value is Template => Array.isArray(value);
