/** Permission policies come in; what they say goes out, in words and for check boxes. Pure. */
import type { Statement } from '../api/access-answers.ts';
import { countOf, listOf } from './format.ts';

/** Every action there is, by noun, as src/access/actions.ts has them; a test compares. */
export const actionGroups = [
  {
    noun: 'Accounts',
    actions: [
      { action: 'accounts:read', does: 'List and read accounts' },
      { action: 'accounts:write', does: 'Create, change and delete accounts' },
    ],
  },
  {
    noun: 'Connectors',
    actions: [
      { action: 'connectors:read', does: 'Look at the library, its methods and schemas' },
      { action: 'connectors:setup', does: 'Give the values of the console' },
    ],
  },
  {
    noun: 'Installations',
    actions: [
      { action: 'installations:read', does: 'See what is installed, without secrets' },
      { action: 'installations:write', does: 'Install, change, rotate, delete, make setup links' },
    ],
  },
  {
    noun: 'Calls',
    actions: [
      { action: 'methods:read', does: 'Call methods that change nothing at the vendor' },
      { action: 'methods:write', does: 'Call all other methods' },
      { action: 'requests:send', does: 'Send requests that no method describes' },
      { action: 'logs:read', does: 'Read the call log' },
    ],
  },
  {
    noun: 'Access',
    actions: [
      { action: 'access:read', does: 'See service users, keys and policies' },
      { action: 'access:write', does: 'Change them' },
      { action: 'audit:read', does: 'Read the audit' },
      { action: 'metrics:read', does: 'Read the metrics' },
    ],
  },
] as const;

/** Patterns that are offered beside the single actions. */
export const usualPatterns = [
  { pattern: '*', does: 'Everything, also what will be added' },
  { pattern: '*:read', does: 'Everything that only reads' },
] as const;

export const isPattern = (text: string): boolean => text.includes('*');

/** Whether a pattern with `*` for any text takes in an action. */
export function covers(pattern: string, action: string): boolean {
  const parts = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(action);
}

/** "Allows everything. Denies access:* on everything." */
export function describeStatements(statements: readonly Statement[]): string {
  return statements.map(describe).join(' ');
}

const MOST_NAMED = 3;

function describe({ Effect, Actions, Resources }: Statement): string {
  const verb = Effect === 'allow' ? 'Allows' : 'Denies';
  return `${verb} ${describeActions(Actions)}${describeResources(Resources)}.`;
}

function describeActions(actions: readonly string[]): string {
  if (actions.includes('*')) return 'everything';
  if (actions.length === 1 && actions[0] === '*:read') return 'all reading';
  return actions.length <= MOST_NAMED ? listOf(actions) : countOf(actions.length, 'action');
}

function describeResources(resources: readonly string[]): string {
  if (resources.includes('*')) return '';
  return ` on ${resources.length <= MOST_NAMED ? listOf(resources) : countOf(resources.length, 'resource')}`;
}

/** What the managed policies are for. */
export const managedWords: Readonly<Record<string, string>> = {
  Administrator:
    'May do everything, also give rights to others. There is always one who can sign in with it.',
  ReadOnly:
    'May look at everything and change nothing - here, and at the vendors: it may call methods that only read.',
};
