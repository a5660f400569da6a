/** Checks say what they looked at and what was wrong; a report with sections, failures and warnings goes out. */

/** What is looked at, in the order of the report. */
export const sectionTitles = {
  loading: 'the definition loads',
  requests: 'every method prepares a request',
  answers: 'the sandbox answers as the schemas say',
  entities: 'what is created is found again',
  pages: 'lists end, and repeat nothing',
  lookups: 'lookups offer values',
  connection: 'the connection test tells keys apart',
  failures: 'every failure rule can decide',
  quotes: "the vendor's own examples fit",
  care: 'limits, repetition, documentation',
} as const;

export type SectionName = keyof typeof sectionTitles;

/** What a check expected of something, and what came instead. */
export interface Fault {
  /** A method's key, or what else it is about: `failures[2]`, `paging.numbered`, `README.md`. */
  readonly subject: string;
  readonly expected: string;
  readonly came: string;
  /** What to do about it. */
  readonly mend?: string | undefined;
  /** `folder/file:line:column`, where that is known. */
  readonly at?: string | undefined;
}

export interface Finding extends Fault {
  readonly section: SectionName;
  readonly level: 'failure' | 'warning';
}

export interface Section {
  readonly name: SectionName;
  readonly title: string;
  /** How many things were looked at; 0: none of the kind is there, or they were not reached. */
  readonly checked: number;
  readonly failed: number;
  readonly warned: number;
  /** More about what was looked at. */
  readonly note?: string;
}

export interface ConformanceReport {
  readonly folder: string;
  /** Absent when the definition could not be loaded. */
  readonly connector?: { readonly name: string; readonly version: string; readonly methods: number };
  /** Whether nothing failed; warnings do not count. */
  readonly ok: boolean;
  readonly sections: readonly Section[];
  readonly findings: readonly Finding[];
  readonly skipped: readonly { readonly method: string; readonly reason: string }[];
}

/** Where checks write to. */
export interface Findings {
  /** Counts something that is looked at. */
  checked(section: SectionName, subject: string): void;
  fail(section: SectionName, fault: Fault): void;
  warn(section: SectionName, fault: Fault): void;
  note(section: SectionName, text: string): void;
  sections(): Section[];
  all(): readonly Finding[];
}

/** No findings yet. Of subjects that are not `wanted`, nothing is counted or kept. */
export function createFindings(wanted: (subject: string) => boolean = () => true): Findings {
  const counts = new Map<SectionName, number>();
  const notes = new Map<SectionName, string>();
  const findings: Finding[] = [];
  const add =
    (level: Finding['level']) =>
    (section: SectionName, fault: Fault): void => {
      if (wanted(fault.subject)) findings.push({ section, level, ...fault });
    };
  return {
    checked: (section, subject) => {
      if (wanted(subject)) counts.set(section, (counts.get(section) ?? 0) + 1);
    },
    fail: add('failure'),
    warn: add('warning'),
    note: (section, text) => void notes.set(section, text),
    all: () => findings,
    sections: () =>
      (Object.keys(sectionTitles) as SectionName[]).map((name) => {
        const own = findings.filter(({ section }) => section === name);
        const failures = own.filter(({ level }) => level === 'failure');
        const note = notes.get(name);
        return {
          name,
          title: sectionTitles[name],
          checked: counts.get(name) ?? 0,
          // Something may be wrong in more than one respect.
          failed: new Set(failures.map(({ subject }) => subject)).size,
          warned: own.length - failures.length,
          ...(note !== undefined && { note }),
        };
      }),
  };
}

const MOST_SHOWN = 300;

/** A value as a report shows it: JSON in one line, cut where it gets long. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}...`;
}
