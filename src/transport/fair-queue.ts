/** Waiting items of several accounts come in; they are served in turn, one of each account after the other. */

export interface FairQueue<Item> {
  readonly size: number;
  /** How many accounts have an item here. */
  readonly accounts: number;
  /** Last of its account; `first` puts it before those of its account that came without. */
  add(account: string, item: Item, first?: boolean): void;
  /** Whether it was here. */
  remove(account: string, item: Item): boolean;
  /** Takes out the first item of each account in turn while there is `room`; an account that was served goes to the end of the row. */
  serve(room: () => boolean, take: (item: Item) => void): void;
  /** How many of an account's items wait. */
  waitingOf(account: string): number;
  /** How many items are served before one that this account adds now. */
  ahead(account: string): number;
  items(): Generator<Item>;
}

/** An account's items, in the order in which they came. */
interface Line<Item> {
  readonly first: Set<Item>;
  readonly others: Set<Item>;
}

const lengthOf = ({ first, others }: Line<unknown>) => first.size + others.size;

function firstOf<Item>({ first, others }: Line<Item>): Item | undefined {
  for (const item of first) return item;
  for (const item of others) return item;
  return undefined;
}

export function createFairQueue<Item>(): FairQueue<Item> {
  // A Map keeps the order of insertion: that is whose turn it is.
  const lines = new Map<string, Line<Item>>();
  let size = 0;

  function remove(account: string, item: Item): boolean {
    const line = lines.get(account);
    if (!line || !(line.first.delete(item) || line.others.delete(item))) return false;
    size--;
    if (lengthOf(line) === 0) lines.delete(account);
    return true;
  }

  return {
    get size() {
      return size;
    },
    get accounts() {
      return lines.size;
    },
    add: (account, item, first = false) => {
      let line = lines.get(account);
      if (!line) {
        line = { first: new Set(), others: new Set() };
        lines.set(account, line);
      }
      (first ? line.first : line.others).add(item);
      size++;
    },
    remove,
    serve: (room, take) => {
      // The loop comes by accounts again that are put at the end meanwhile.
      for (const [account, line] of lines) {
        if (!room()) return;
        const item = firstOf(line);
        if (item === undefined) continue;
        remove(account, item);
        if (lines.delete(account)) lines.set(account, line);
        take(item);
      }
    },
    waitingOf: (account) => {
      const line = lines.get(account);
      return line ? lengthOf(line) : 0;
    },
    ahead: (account) => {
      const own = lines.get(account);
      const before = own ? lengthOf(own) : 0;
      let ahead = before;
      // Whoever stands behind this account in the row is served once less before it.
      const most = own ? before : 1;
      for (const line of lines.values()) if (line !== own) ahead += Math.min(lengthOf(line), most);
      return ahead;
    },
    items: function* () {
      for (const { first, others } of lines.values()) {
        yield* first;
        yield* others;
      }
    },
  };
}
