/** Whose turn it is on the one connection: a transaction has it alone, everything else waits in order of arrival. */
export interface Turns {
  /** Calls `start` as soon as nobody holds the connection; at once where possible, so that statements are pipelined. */
  run<T>(start: () => Promise<T>): Promise<T>;
  /** Resolves when the connection is the caller's alone, to what gives it back. */
  hold(): Promise<() => void>;
  /** Rejects everything that waits, and everything that comes later. */
  end(error: Error): void;
}

export function createTurns(): Turns {
  const waiting: { readonly begin: () => void; readonly reject: (error: Error) => void }[] = [];
  let isHeld = false;
  let end: Error | null = null;

  function take<T>(begin: () => T | Promise<T>): Promise<T> {
    if (end) return Promise.reject(end);
    if (!isHeld && waiting.length === 0) return Promise.resolve(begin());
    return new Promise((resolve, reject) => waiting.push({ begin: () => resolve(begin()), reject }));
  }

  function giveBack(): void {
    isHeld = false;
    // Whoever takes it for long is the last one to be let in.
    for (let next = waiting.shift(); next; next = isHeld ? undefined : waiting.shift()) next.begin();
  }

  return {
    run: (start) => take(start),
    hold: () =>
      take(() => {
        isHeld = true;
        let isMine = true;
        return () => {
          if (isMine) giveBack();
          isMine = false;
        };
      }),
    end(error) {
      end = error;
      for (const waiter of waiting.splice(0)) waiter.reject(error);
    },
  };
}
