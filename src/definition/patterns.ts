/** Regular expressions of a definition come in; what speaks against running them on texts of callers goes out. */
import { isSafePattern } from 'redos-detector';

export interface PatternFault {
  readonly code: 'definition.bad-schema' | 'definition.unsafe-pattern';
  readonly message: string;
  readonly hint: string;
}

export type JudgePattern = (pattern: string) => PatternFault | undefined;

const LONGEST_PATTERN = 1_000;
/** In how many ways a text may be tried before it is refused. Above, and where the ways have no end, texts can be made that take minutes. */
const MOST_WAYS = 200;
const MOST_STEPS = 20_000;
const LONGEST_JUDGEMENT_MS = 500;
/** For all patterns of a definition together; a usual one is judged in one or two milliseconds. */
const LONGEST_JUDGEMENTS_MS = 5_000;

/**
 * Creates the judge of one definition; a pattern that occurs often is judged once. A pattern that cannot be judged, or
 * not in the time there is, counts as unsafe: whoever writes a pattern can write a simpler one.
 */
export function createPatternJudge(now: () => number = () => performance.now()): JudgePattern {
  const known = new Map<string, PatternFault | undefined>();
  let spentMs = 0;
  return (pattern) => {
    if (known.has(pattern)) return known.get(pattern);
    const startedAt = now();
    const fault =
      spentMs > LONGEST_JUDGEMENTS_MS
        ? unsafe(pattern, 'stands behind too many others that take long to judge')
        : judge(pattern);
    spentMs += now() - startedAt;
    known.set(pattern, fault);
    return fault;
  };
}

function judge(pattern: string): PatternFault | undefined {
  if (pattern.length > LONGEST_PATTERN)
    return unsafe(pattern, `has ${pattern.length} characters; ${LONGEST_PATTERN} are allowed`);
  if (!compiles(pattern))
    return {
      code: 'definition.bad-schema',
      message: `the pattern ${shown(pattern)} is not a JavaScript regular expression`,
      hint: 'other dialects must be translated: \\p{Cntrl} is \\p{Cc} here',
    };
  const feature = unjudged(pattern);
  if (feature !== undefined) return unsafe(pattern, `has ${feature}, which cannot be judged`);
  try {
    const { safe } = isSafePattern(pattern, {
      unicode: true,
      maxScore: MOST_WAYS,
      maxSteps: MOST_STEPS,
      timeout: LONGEST_JUDGEMENT_MS,
    });
    return safe ? undefined : unsafe(pattern, 'could take for ever on a text made for it');
  } catch {
    return unsafe(pattern, 'cannot be judged');
  }
}

/** Whether a text is a regular expression under the `u` flag, as JSON Schema wants it. */
function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** What the judge takes for harmless without a look (lookbehind), or cannot read (names, flags), if the pattern has it. */
function unjudged(pattern: string): string | undefined {
  let inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at++;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (!inClass && character === '(' && pattern[at + 1] === '?') {
      const head = pattern.slice(at + 2, at + 4);
      if (head === '<=' || head === '<!') return 'a lookbehind';
      if (!/^[:=!]/.test(head)) return 'a group with a name or flags';
    }
  }
  return undefined;
}

const unsafe = (pattern: string, why: string): PatternFault => ({
  code: 'definition.unsafe-pattern',
  message: `the pattern ${shown(pattern)} ${why}`,
  hint: 'begin it with ^, and let no two parts that repeat match the same text: ^\\S+@\\S+$ becomes ^[^@\\s]+@[^@\\s]+$',
});

const shown = (pattern: string) => (pattern.length <= 80 ? pattern : `${pattern.slice(0, 77)}...`);
