/** A conformance report comes in, lines for a person go out: what was looked at, and everything that is to be mended. */
import type { ConformanceReport, Finding, Section } from '../conformance/report.ts';

/** Sections with their counts, each failure and warning with what to do, and one line that says how it ended. */
export function formatReport(report: ConformanceReport): string {
  const { folder, connector, sections, findings, skipped } = report;
  const title = connector
    ? `${connector.name} ${connector.version}, ${countOf(connector.methods, 'method')}`
    : 'not loaded';
  const isLoaded = sections.every(({ name, failed }) => name !== 'loading' || failed === 0);
  const failures = findings.filter(({ level }) => level === 'failure');
  const warnings = findings.filter(({ level }) => level === 'warning');
  return [
    `${folder}: ${title}`,
    '',
    ...sections.map((section) => formatSection(section, isLoaded)),
    '',
    ...failures.map((finding) => `${formatFinding(finding)}\n`),
    ...warnings.map((finding) => `${formatFinding(finding)}\n`),
    ...skipped.map(({ method, reason }) => `skipped  ${method}: ${reason}`),
    ...(skipped.length > 0 ? [''] : []),
    formatEnd(report, failures.length, warnings.length),
    '',
  ].join('\n');
}

const TITLE_WIDTH = 46;

function formatSection({ title, checked, failed, warned, note }: Section, isLoaded: boolean): string {
  const result =
    failed > 0 ? `${failed} FAILED` : checked === 0 ? (isLoaded ? 'none' : 'not reached') : `${checked} ok`;
  const more = [
    ...(failed > 0 ? [`${checked} looked at`] : []),
    ...(warned > 0 ? [countOf(warned, 'warning')] : []),
    ...(note !== undefined && checked > 0 ? [note] : []),
  ];
  return `  ${title.padEnd(TITLE_WIDTH)} ${result}${more.length > 0 ? ` (${more.join('; ')})` : ''}`;
}

function formatFinding({ level, subject, expected, came, mend, at }: Finding): string {
  const word = level === 'failure' ? 'FAILED ' : 'warning';
  return [
    `${word}  ${subject}`,
    ...(at === undefined ? [] : [`  at        ${at}`]),
    `  expected  ${expected}`,
    `  came      ${came}`,
    ...(mend === undefined ? [] : [`  mend      ${mend}`]),
  ].join('\n');
}

function formatEnd({ ok, sections, skipped }: ConformanceReport, failures: number, warnings: number): string {
  const checked = sections.reduce((sum, section) => sum + section.checked, 0);
  const parts = [
    countOf(checked, 'check'),
    countOf(failures, 'failure'),
    countOf(warnings, 'warning'),
    ...(skipped.length > 0 ? [`${countOf(skipped.length, 'method')} skipped`] : []),
  ];
  return `${ok ? 'ok' : 'FAILED'}: ${parts.join(', ')}`;
}

const countOf = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
