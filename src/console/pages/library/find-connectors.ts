/** Releases and what is searched for come in; the connectors that fit go out, by title. Pure. */
import type { ConnectorRelease } from '../../api/answers.ts';
import { chooseRelease } from '../../api/connectors.ts';

/** Of several releases the one that is installed unless told otherwise. */
export function onePerName(releases: readonly ConnectorRelease[]): ConnectorRelease[] {
  const names = [...new Set(releases.map(({ Name }) => Name))];
  const chosen = names.flatMap((name) => chooseRelease(releases.filter(({ Name }) => Name === name)) ?? []);
  return chosen.sort((a, b) => a.Title.localeCompare(b.Title));
}

/** Every word must be in the title, name, description or categories, whatever its case. An empty category is any. */
export function findConnectors(
  connectors: readonly ConnectorRelease[],
  text: string,
  category: string,
): ConnectorRelease[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return connectors.filter(({ Title, Name, Description, Categories }) => {
    const whole = [Title, Name, Description, ...Categories].join(' ').toLowerCase();
    return (category === '' || Categories.includes(category)) && words.every((word) => whole.includes(word));
  });
}

/** In alphabetical order. */
export const categoriesOf = (connectors: readonly ConnectorRelease[]): string[] =>
  [...new Set(connectors.flatMap(({ Categories }) => Categories))].sort((a, b) => a.localeCompare(b));
