/** A setting comes in, a value that it takes goes out: for those that the sandbox does not look at. */
import type { Setting } from '../definition/connector.ts';
import { textMatching } from './pattern.ts';

const familiar = ['sample@example.com', 'sample'] as const;

/** The same value each time. */
export function sampleSetting({ key, choices, pattern, maxLength }: Setting): string {
  const [address, word] = familiar;
  const usual = /e-?mail$/i.test(key) ? address : word;
  if (choices?.[0]) return choices[0].value;
  if (pattern === undefined || new RegExp(pattern, 'u').test(usual)) return usual;
  return textMatching(pattern, 1, maxLength) ?? usual;
}
