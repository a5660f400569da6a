/** What a vendor answered to a refused call comes in; lines for a person go out, where it says more than the error does. */
import type { FishplateError, VendorAnswer } from '../errors.ts';

const MOST_LINES = 60;
const MOST_CHARACTERS = 4_000;

/** The vendor's answer, and those to each request of a list that was split. */
export function formatVendorAnswers({ vendor, batches }: FishplateError): string {
  const ofBatches = batches.map(({ first, count, vendor: answer }) =>
    linesOf(answer, ` to rows ${first}-${first + count - 1}`),
  );
  return linesOf(vendor, '') + ofBatches.join('');
}

function linesOf(answer: VendorAnswer | undefined, whereto: string): string {
  if (!answer || answer.body === undefined || isTold(answer)) return '';
  const { status, code, body } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  const lines = text.slice(0, MOST_CHARACTERS).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => `    ${line.replace(CONTROL, '\ufffd')}\n`);
  const isCut = text.length > MOST_CHARACTERS || lines.length > MOST_LINES;
  const named = code === undefined ? '' : ` (${code})`;
  return `  the vendor answered ${status}${named}${whereto}:\n${shown.join('')}${isCut ? '    ...\n' : ''}`;
}

/** What a terminal would obey instead of showing it. */
const CONTROL = /(?!\t)\p{Cc}/gu;

/** Whether the body says no more than the message. */
function isTold({ message, body }: VendorAnswer): boolean {
  if (typeof body !== 'object' || body === null) return body === message;
  return message !== undefined && Object.values(body).every((value) => value === message);
}
