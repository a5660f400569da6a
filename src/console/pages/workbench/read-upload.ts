/** A file of the browser comes in; what an upload says of it goes out: its bytes in base64, its type, its size in words. */

/** The API takes requests of 32 MiB, and base64 makes four bytes of three. */
export const MOST_BYTES = 23 * 1024 * 1024;

export function toBase64(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(file);
  });
}

const endings: Readonly<Record<string, readonly string[]>> = {
  json: ['application/json', 'text/json'],
  jsonl: ['application/jsonl', 'application/x-ndjson'],
  ndjson: ['application/x-ndjson', 'application/jsonl'],
  csv: ['text/csv'],
};

/** One of the types that are taken: what the browser says, or what the name ends in. Undefined when neither fits. */
export function typeOf(file: Pick<File, 'name' | 'type'>, taken: readonly string[]): string | undefined {
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? '';
  return [file.type, ...(endings[ending] ?? [])].find((type) => taken.includes(type));
}

/** "3.2 MB"; a MiB is called MB, as file managers do. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilo = bytes / 1024;
  return kilo < 1024
    ? `${kilo.toFixed(kilo < 10 ? 1 : 0)} KB`
    : `${(kilo / 1024).toFixed(kilo < 10_240 ? 1 : 0)} MB`;
}
