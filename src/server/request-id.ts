/** A caller's request id comes in; that one, or a fresh one when it is missing or odd, goes out. */

/** Short and plain, so that it can stand in headers, logs and messages without escaping. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** A secret of ours in the wrong header must not go into logs and answers as an id. */
const OURS = /^fp_(?:key|token|link)_/;

export function chooseRequestId(given: string | undefined, uuid: () => string): string {
  return given !== undefined && SANE.test(given) && !OURS.test(given) ? given : uuid();
}
