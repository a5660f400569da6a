/** What the vendor was asked, in order: rows come in, the last thousand go out. No header is ever kept. */

export interface RequestRow {
  /** Milliseconds since the epoch, on the world's clock. */
  readonly at: number;
  /** The host names that the port stands for. */
  readonly hosts: readonly string[];
  readonly verb: string;
  readonly path: string;
  /** The query string, with the values of API keys replaced. */
  readonly query: string;
  /** Absent when no answer was given. */
  readonly status?: number;
  /** The method's key, `token` or `file`; absent when nothing is at the path. */
  readonly method?: string;
  /** Without credentials. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, form fields or a text, without what is sensitive. */
  readonly body?: unknown;
  readonly bodyBytes: number;
  /** Whether a fault was made to happen. */
  readonly fault: boolean;
}

export interface RequestLog {
  add(row: RequestRow): void;
  /** Oldest first; of one method only when a key is given. */
  list(method?: string): readonly RequestRow[];
  clear(): void;
}

const MOST_ROWS = 10_000;

export function createRequestLog(): RequestLog {
  let rows: RequestRow[] = [];
  return {
    add: (row) => {
      rows.push(row);
      // Cut now and then, not at each request.
      if (rows.length > 2 * MOST_ROWS) rows = rows.slice(-MOST_ROWS);
    },
    list: (method) => rows.slice(-MOST_ROWS).filter((row) => method === undefined || row.method === method),
    clear: () => {
      rows = [];
    },
  };
}
